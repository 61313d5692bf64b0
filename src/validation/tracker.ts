import { type Agent, request } from 'undici';
import * as z from 'zod';
import { openAskingAgent } from '../delivery/asking-agent.ts';
import { causeOf } from '../delivery/causes.ts';
import { clockDifferenceSeconds } from '../delivery/clock-difference.ts';
import { headersOf } from '../delivery/endpoint.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { bulkOfOne } from '../matomo/bulk.ts';
import type { Reply } from '../matomo/reply.ts';
import { connectionFinding } from './connection-findings.ts';
import { type Finding, finding } from './finding.ts';
import { bulkAnswer, isQueueAnswer, isTrackerPage, notATracker } from './tracker-findings.ts';

/** What a tracker says without a token. */
export interface TrackerFacts {
  /** At least one; none of them an error where it can be sent to. */
  readonly findings: readonly Finding[];
  /** Answers a bulk with counts, so that a token can be asked about without a hit. */
  readonly takesBulk: boolean;
  /** Of a request on a connection that stands, in ms: the median. */
  readonly roundTripMs: number | null;
  /** How far the server is behind; negative: ahead. Within a second. */
  readonly clockDifferenceSeconds: number | null;
  /** The embedded collector says so of itself. */
  readonly isCollector: boolean;
  /** Of this machine, as the connection has it. */
  readonly ownAddress: string | undefined;
}

export interface TrackerOptions {
  readonly signal: AbortSignal;
  /** In all, for what is told. */
  readonly timeoutSeconds: number;
  readonly epochMs: () => number;
}

/** How often a page is asked for to tell the round trip. */
const ROUND_TRIPS = 3;
/** One question takes so long: no more are asked for its sake. */
const SLOW_MS = 1000;
const MOST_BYTES = 1024 * 1024;
const COLLECTOR_HEADER = 'x-trafficinator-collector';

/** A question and its answer. */
interface Exchange {
  readonly reply: Reply;
  readonly sentEpochMs: number;
  readonly answeredEpochMs: number;
  readonly tookMs: number;
}

type Ask = (body?: string) => Promise<Reply>;

/** Asks a tracker who it is. Records nothing. Rejects only for a bug: what fails is a finding. */
export async function askTracker(target: TargetConfig, options: TrackerOptions): Promise<TrackerFacts> {
  let ownAddress: string | undefined;
  const { agent, close } = openAskingAgent(target, {
    mostBytes: MOST_BYTES,
    signal: options.signal,
    connected: ({ localAddress }) => {
      ownAddress = localAddress ?? ownAddress;
    },
  });
  const exchanges: Exchange[] = [];
  const ask: Ask = async body => {
    const exchange = await exchanged(target, body, agent, options);
    exchanges.push(exchange);
    return exchange.reply;
  };
  try {
    const answer = await whoIsThere(target, ask);
    await measureRoundTrips(exchanges, ask);
    return { ...answer, ...measured(exchanges), ownAddress };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const place = { url: target.url, ...options, connectTimeoutSeconds: target.connectTimeoutSeconds };
    const found = connectionFinding(causeOf(error), certificateNames(error) ?? error.message, place);
    return { findings: [found], takesBulk: false, ...measured(exchanges), ownAddress };
  } finally {
    await close();
  }
}

/** Those of a certificate for another host, which Node hangs on its error: `DNS:localhost, DNS:matomo.test`. */
function certificateNames(error: Error): string | undefined {
  const { success, data } = z.object({ cert: z.object({ subjectaltname: z.string() }) }).safeParse(error);
  return success ? data.cert.subjectaltname : undefined;
}

/** The line carries neither a token nor `rec=1`: it is counted, and nothing comes of it. */
async function whoIsThere(
  target: TargetConfig,
  ask: Ask,
): Promise<Pick<TrackerFacts, 'findings' | 'takesBulk'>> {
  const reply = await ask(bulkOfOne(`idsite=${target.siteId}&rec=0`, undefined));
  const place = `${target.url.origin}${target.url.pathname}`;
  switch (bulkAnswer(reply)) {
    case 'site': {
      const known = finding('TRACKER', `Matomo's tracker answers, and knows site ${target.siteId}`);
      return { findings: [known], takesBulk: true };
    }
    case 'no-site': {
      const unknown = finding('NO_SUCH_SITE', `the tracker at ${place} does not know site ${target.siteId}`);
      return { findings: [unknown], takesBulk: true };
    }
    default: {
      const page = await ask();
      return { findings: withoutCounts(target, reply, page), takesBulk: false };
    }
  }
}

/** @param page what the URL answers without parameters */
function withoutCounts({ url, transport }: TargetConfig, reply: Reply, page: Reply): Finding[] {
  const place = `${url.origin}${url.pathname}`;
  if (isQueueAnswer(reply)) {
    return [
      finding(
        'QUEUED',
        `${place} takes hits without a word on them (status ${reply.status}), as a queue does`,
      ),
    ];
  }
  // A tracker that fails at a bulk would fail at hits: the page alone says nothing of its database.
  if (!isTrackerPage(page)) return [notATracker(page, url)];
  if (reply.status >= 500) return [notATracker(reply, url)];
  const known = finding('TRACKER', "Matomo's tracker answers");
  return transport === 'bulk'
    ? [known, finding('BULK_MISSING', `${place} takes no bulk: the plugin BulkTracking is off`)]
    : [known];
}

/** A page that does not come is no finding: the tracker has answered what matters. */
async function measureRoundTrips(exchanges: readonly Exchange[], ask: Ask): Promise<void> {
  try {
    for (let asked = 0; asked < ROUND_TRIPS; asked++) {
      if ((exchanges.at(-1)?.tookMs ?? SLOW_MS) >= SLOW_MS) return;
      await ask();
    }
  } catch {
    // Then there are fewer to take the median of.
  }
}

/** @param body a bulk; undefined: nothing, with GET */
async function exchanged(
  target: TargetConfig,
  body: string | undefined,
  agent: Agent,
  { signal, epochMs }: TrackerOptions,
): Promise<Exchange> {
  const sentEpochMs = epochMs();
  const sentMs = performance.now();
  const answer = await request(target.url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headersOf(target), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
    dispatcher: agent,
    signal,
  });
  const reply = {
    status: answer.statusCode,
    headers: new Map(
      Object.entries(answer.headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as const] : [],
      ),
    ),
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
  return { reply, sentEpochMs, answeredEpochMs: epochMs(), tookMs: performance.now() - sentMs };
}

function measured(
  exchanges: readonly Exchange[],
): Pick<TrackerFacts, 'roundTripMs' | 'clockDifferenceSeconds' | 'isCollector'> {
  // The first one made the connection.
  const standing = exchanges.length > 1 ? exchanges.slice(1) : exchanges;
  const byTime = standing.toSorted((a, b) => a.tookMs - b.tookMs);
  const quickest = byTime[0];
  const difference =
    quickest &&
    clockDifferenceSeconds(
      quickest.reply.headers.get('date'),
      quickest.sentEpochMs,
      quickest.answeredEpochMs,
    );
  return {
    roundTripMs: byTime[Math.floor(byTime.length / 2)]?.tookMs ?? null,
    clockDifferenceSeconds: difference ?? null,
    isCollector: exchanges.some(({ reply }) => reply.headers.has(COLLECTOR_HEADER)),
  };
}
