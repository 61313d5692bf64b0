import { type Agent, request } from 'undici';
import type { Reply } from '../matomo/reply.ts';
import { reportingQuery } from '../matomo/reporting/question.ts';
import { type ReportingClient, reportingClient } from '../matomo/reporting/reporting-client.ts';
import { openAskingAgent } from './asking-agent.ts';
import { causeOf } from './causes.ts';
import { clockDifferenceSeconds } from './clock-difference.ts';
import { headersOf } from './endpoint.ts';
import type { TargetConfig } from './target-config.ts';

/** A page of the visit log with all its actions has some 10 kB a visit. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Where a target's Reporting API is asked: connections of its own, beside those that hits travel on. */
export interface ReportingAccess {
  readonly client: ReportingClient;
  /** By the latest answer: see `clock-difference.ts`. Undefined before one that told the time. */
  readonly clockDifferenceSeconds: number | undefined;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export interface ReportingAccessOptions {
  /** May view the site. Default: the target's. */
  readonly token: string;
  /** For one answer; default: the target's. */
  readonly timeoutSeconds?: number;
  /** Of a request without an answer; default 3. */
  readonly tries?: number;
  /** Gives up waiting for answers. */
  readonly signal?: AbortSignal;
  /** Our clock; default: the system's. */
  readonly epochMs?: () => number;
}

export function openReporting(target: TargetConfig, options: ReportingAccessOptions): ReportingAccess {
  const { agent, close } = openAskingAgent(target, { mostBytes: MOST_BYTES, signal: options.signal });
  let difference: number | undefined;
  const timeoutMs = (options.timeoutSeconds ?? target.timeoutSeconds) * 1000;
  const client = reportingClient({
    token: options.token,
    causeOf: error => (error instanceof Error ? causeOf(error) : String(error)),
    ...(options.tries !== undefined && { tries: options.tries }),
    ...(options.signal !== undefined && { signal: options.signal }),
    async post(method, body) {
      const inTime = AbortSignal.timeout(timeoutMs);
      const signal = options.signal === undefined ? inTime : AbortSignal.any([inTime, options.signal]);
      const form = 'application/x-www-form-urlencoded; charset=utf-8';
      const answer = await post(apiUrlOf(target, method), form, body, {
        headers: headersOf(target),
        agent,
        signal,
        epochMs: options.epochMs,
      });
      difference = answer.clockDifferenceSeconds ?? difference;
      return answer;
    },
  });
  return {
    client,
    get clockDifferenceSeconds() {
      return difference;
    },
    close,
  };
}

function apiUrlOf({ apiUrl }: TargetConfig, method: string): URL {
  const url = new URL(apiUrl);
  url.search = [url.search.slice(1), reportingQuery(method)].filter(part => part !== '').join('&');
  return url;
}

export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly signal: AbortSignal;
  /** Our clock; default: the system's. */
  readonly epochMs?: (() => number) | undefined;
}

/** An answer, and what its `Date` says of the server's clock. */
export interface DatedReply extends Reply {
  readonly clockDifferenceSeconds: number | undefined;
}

/** One request that is no hit. @returns its answer with the headers that say something */
export async function post(
  url: URL,
  contentType: string,
  body: string,
  { headers, agent, signal, epochMs = Date.now }: Posting,
): Promise<DatedReply> {
  const sentEpochMs = epochMs();
  const answer = await request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': contentType },
    body,
    dispatcher: agent,
    signal,
  });
  const answeredEpochMs = epochMs();
  const told = ['content-type', 'location', 'retry-after', 'date'].flatMap(name => {
    const value = answer.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const headersTold = new Map(told);
  return {
    status: answer.statusCode,
    headers: headersTold,
    clockDifferenceSeconds: clockDifferenceSeconds(headersTold.get('date'), sentEpochMs, answeredEpochMs),
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
}
