import { Agent, request } from 'undici';
import {
  listsVisits,
  type SiteSettings,
  siteOf,
  siteQuestion,
  visitorQuestion,
} from '../matomo/reporting.ts';
import { judgeProbe, type ProbeResult, tokenProbeBody } from '../matomo/token-probe.ts';
import { causeOf } from './causes.ts';
import { connectOptions, headersOf } from './endpoint.ts';
import type { TargetConfig } from './target-config.ts';

/** A run begins without what the Reporting API does not say by then. */
const LONGEST_SITE_QUESTION_MS = 1500;

/** Longest answer that is read. */
const MOST_BYTES = 1024 * 1024;

/** What a target says before the first hit. */
export interface TargetAnswers {
  /** undefined: no token, or not asked. */
  readonly token: ProbeResult | undefined;
  readonly site: SiteSettings | undefined;
}

/**
 * Asks a target what must be known before the first hit: whether its token may write, where hits will need it, and
 * the site's own zone and currency. Records nothing. At most one question is refused: the second is only asked
 * after a good answer to the first. Never throws: a target that does not answer is `unclear`, and hits will show.
 *
 * @param ended gives up waiting for answers
 */
export async function askTarget(
  target: TargetConfig,
  hitsNeedToken: boolean,
  ended?: AbortSignal,
): Promise<TargetAnswers> {
  const { token } = target;
  if (token === undefined) return { token: undefined, site: undefined };
  return asking(target, ended, async how => {
    const probe = hitsNeedToken ? await askAboutToken(target, token, how) : undefined;
    const mayAsk = probe === undefined || probe.result === 'good';
    return { token: probe, site: mayAsk ? await askAboutSite(target, token, how) : undefined };
  });
}

/**
 * Whether a target has had a visitor before; false where it has no token or does not say. Only to be asked of a target
 * that took its token.
 */
export async function hasVisitor(
  target: TargetConfig,
  visitorId: string,
  nowEpochMs: number,
  ended?: AbortSignal,
): Promise<boolean> {
  const { token } = target;
  if (token === undefined) return false;
  return asking(target, ended, async how => {
    const answer = await report(target, visitorQuestion(target.siteId, visitorId, nowEpochMs, token), how);
    return answer !== undefined && listsVisits(answer);
  });
}

/** Gives `work` connections of its own and a limit on how long it takes. @param ended gives up waiting for answers */
async function asking<T>(
  target: TargetConfig,
  ended: AbortSignal | undefined,
  work: (how: Asking) => Promise<T>,
): Promise<T> {
  const agent = new Agent({ connect: connectOptions(target), maxResponseSize: MOST_BYTES });
  const inTime = AbortSignal.timeout(target.timeoutSeconds * 1000);
  const signal = ended === undefined ? inTime : AbortSignal.any([inTime, ended]);
  try {
    return await work({ headers: headersOf(target), agent, signal });
  } finally {
    await agent.destroy();
  }
}

interface Asking {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

async function askAboutToken(target: TargetConfig, token: string, how: Asking): Promise<ProbeResult> {
  try {
    const body = tokenProbeBody(target.siteId, token);
    return judgeProbe(await post(target.url, 'application/json', body, how));
  } catch (error) {
    return { result: 'unclear', detail: error instanceof Error ? causeOf(error) : String(error) };
  }
}

async function askAboutSite(
  target: TargetConfig,
  token: string,
  how: Asking,
): Promise<SiteSettings | undefined> {
  // The tracker may be fine where the Reporting API is slow: hits do not wait for it longer.
  const signal = AbortSignal.any([how.signal, AbortSignal.timeout(LONGEST_SITE_QUESTION_MS)]);
  const answer = await report(target, siteQuestion(target.siteId, token), { ...how, signal });
  return answer === undefined ? undefined : siteOf(answer);
}

/** What the Reporting API answers; undefined where it does not, or with an error. */
async function report(target: TargetConfig, question: string, how: Asking): Promise<string | undefined> {
  try {
    const form = 'application/x-www-form-urlencoded; charset=utf-8';
    const reply = await post(target.apiUrl, form, question, how);
    return reply.status === 200 ? reply.body.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

async function post(url: URL, contentType: string, body: string, { headers, agent, signal }: Asking) {
  const answer = await request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': contentType },
    body,
    dispatcher: agent,
    signal,
  });
  return {
    status: answer.statusCode,
    headers: new Map<string, string>(),
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
}
