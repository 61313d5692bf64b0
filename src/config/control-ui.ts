import { Agent, request } from 'undici';
import { z } from 'zod';
import { Failure } from '../base/failure.ts';
import { causeOf } from '../delivery/causes.ts';
import { checkFunnel } from './funnel-check.ts';
import { type FunnelReading, together } from './funnel-file.ts';

/** The control UI of the Python Trafficinator, as it is asked for its funnels. */
export interface ControlUi {
  /** Where it is, with or without `/api`. */
  readonly base: string;
  readonly key: string;
  /** The variable the key is from: what messages call it. */
  readonly keyVariable: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;

const listReply = z.object({ funnels: z.array(z.object({ id: z.union([z.int(), z.string()]) })) });
const funnelReply = z.object({
  name: z.unknown(),
  description: z.unknown(),
  config: z.record(z.string(), z.unknown()),
});

/**
 * All funnels of a control UI, the disabled ones too. The key goes into a header and nowhere else.
 *
 * @throws Failure USAGE, SERVER_UNREADABLE
 */
export async function readControlUi(ui: ControlUi): Promise<FunnelReading> {
  const api = apiOf(ui.base);
  const agent = new Agent({ connect: { timeout: TIMEOUT_MS }, maxResponseSize: MOST_BYTES });
  try {
    const { funnels } = await ask(ui, new URL('funnels', api), agent, listReply);
    const all: Parameters<typeof together>[0][number][] = [];
    // One after another: it is a small server, and there are few.
    for (const { id } of funnels) {
      const url = new URL(`funnels/${encodeURIComponent(id)}`, api);
      const { name, description, config } = await ask(ui, url, agent, funnelReply);
      const place = { label: 'funnel', of: () => url.href };
      all.push({ checked: checkFunnel({ name, description, ...config }, place), from: url.href });
    }
    return together(all);
  } finally {
    await agent.destroy();
  }
}

function apiOf(base: string): URL {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Failure('USAGE', '--api-base must be an http or https URL without user and password', {
      hint: 'It is where the control UI is opened with a browser, such as http://localhost:8000.',
    });
  }
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/api$/, '')}/api/`;
  return url;
}

async function ask<T>(ui: ControlUi, url: URL, agent: Agent, reply: z.ZodType<T>): Promise<T> {
  const { statusCode, text } = await get(ui, url, agent);
  if (statusCode !== 200) throw refused(ui, url, statusCode);
  const parsed = reply.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw unreadable(
    `${url.href} did not answer with funnels`,
    'Is it the control UI of the Python Trafficinator, and not a proxy or another program?',
  );
}

async function get(
  { key, timeoutMs = TIMEOUT_MS }: ControlUi,
  url: URL,
  agent: Agent,
): Promise<{ readonly statusCode: number; readonly text: string }> {
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      headers: { 'x-api-key': key, accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { statusCode, text: await body.text() };
  } catch (error) {
    const cause = error instanceof Error ? causeOf(error) : String(error);
    const late = cause === 'TIMEOUT' ? ` within ${timeoutMs / 1000} s` : '';
    // The cause is left out: a client's error may hold the request with its headers.
    throw unreadable(
      `${url.href} did not answer${late}: ${cause}`,
      'Is the control UI running, and is this its address?',
    );
  }
}

function refused({ keyVariable }: ControlUi, url: URL, statusCode: number): Failure {
  if (statusCode === 401 || statusCode === 403) {
    return unreadable(
      `${url.href} refused the key of ${keyVariable}: status ${statusCode}`,
      'It is the one the control UI was started with (CONTROL_UI_API_KEY).',
    );
  }
  if (statusCode === 404) {
    return unreadable(
      `${url.href} is not there: status 404`,
      'Give the address under which the control UI is opened with a browser.',
    );
  }
  const moved = statusCode >= 300 && statusCode < 400 ? ', which leads elsewhere: give that address' : '';
  return unreadable(`${url.href} answered with status ${statusCode}${moved}`, 'Its own log says why.');
}

function unreadable(message: string, hint: string): Failure {
  return new Failure('SERVER_UNREADABLE', message, { hint });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
