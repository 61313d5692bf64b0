import pLimit from 'p-limit';
import * as z from 'zod';
import { keyPath } from '../../base/key-path.ts';
import { example, type Reply } from '../reply.ts';
import { type Question, questionForm, questionsForm } from './question.ts';
import { ReportingError } from './reporting-error.ts';

/**
 * Sends a form body to the Reporting API. Rejects where no answer comes.
 *
 * @param method of the call, which the URL is to name too (`reportingQuery`)
 */
export type PostForm = (method: string, body: string) => Promise<Reply>;

export interface ReportingClientOptions {
  readonly post: PostForm;
  readonly token: string;
  /** Says in a few words what a rejected `post` was, for example `ECONNREFUSED`. */
  readonly causeOf: (error: unknown) => string;
  /** Requests at once; default 4. */
  readonly concurrency?: number;
  /** Tries of a request that gets no answer or one of an overloaded server; default 3. */
  readonly tries?: number;
  /** Ends waiting between tries. */
  readonly signal?: AbortSignal;
}

/** An answer of one of several questions: its value, or the error in its place. */
export type Answer<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: ReportingError };

/** Asks a server's Reporting API: reads only, POST only, the token in the body only. */
export interface ReportingClient {
  /** @throws ReportingError */
  ask<T>(question: Question<T>): Promise<T>;
  /**
   * Several questions in one request. An error of one is told in its place.
   *
   * @throws ReportingError where the request as a whole failed
   */
  askTogether<T extends readonly unknown[]>(
    questions: {
      readonly [K in keyof T]: Question<T[K]>;
    },
  ): Promise<{ readonly [K in keyof T]: Answer<T[K]> }>;
}

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_TRIES = 3;
const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 10_000;

/** How the API says no, mostly with status 200. */
const toldError = z.object({ result: z.literal('error'), message: z.string() });

/**
 * After one refused token nothing more is asked: every further refusal is a failed login, and about 20 lock the sender
 * out of the server.
 */
export function reportingClient(options: ReportingClientOptions): ReportingClient {
  const { token, tries = DEFAULT_TRIES } = options;
  const limit = pLimit(options.concurrency ?? DEFAULT_CONCURRENCY);
  let refusal: ReportingError | undefined;

  async function answered(method: string, body: string): Promise<unknown> {
    return limit(async () => {
      if (refusal !== undefined) throw refusal;
      const reply = await replyTo(method, body);
      if (reply.status === 401 || reply.status === 403) {
        refusal = new ReportingError('refused', method, told(reply) ?? example(reply));
        throw refusal;
      }
      const json = jsonOf(reply.body);
      if (json === undefined) throw new ReportingError('unreadable', method, example(reply));
      return json;
    });
  }

  async function replyTo(method: string, body: string): Promise<Reply> {
    let backOffMs = FIRST_BACK_OFF_MS;
    for (let left = tries - 1; ; left--) {
      let cause: string;
      try {
        const reply = await options.post(method, body);
        if (!isOverloaded(reply)) return reply;
        if (left === 0) throw new ReportingError('unreachable', method, example(reply));
        backOffMs = Math.max(backOffMs, retryAfterMs(reply));
      } catch (error) {
        if (error instanceof ReportingError) throw error;
        cause = options.causeOf(error);
        if (left === 0 || options.signal?.aborted) {
          throw new ReportingError('unreachable', method, cause, { cause: error });
        }
      }
      await pause(Math.min(backOffMs, LONGEST_BACK_OFF_MS), options.signal);
      backOffMs *= 2;
    }
  }

  return {
    async ask(question) {
      return read(question, await answered(question.method, questionForm(question, token)));
    },
    async askTogether<T extends readonly unknown[]>(questions: { readonly [K in keyof T]: Question<T[K]> }) {
      const list: readonly Question<unknown>[] = questions;
      const method = 'API.getBulkRequest';
      const json = await answered(method, questionsForm(list, token));
      if (!Array.isArray(json) || json.length !== list.length) {
        const error = toldError.safeParse(json).data;
        throw error === undefined
          ? new ReportingError(
              'unreadable',
              method,
              'the list of answers is not as long as that of questions',
            )
          : new ReportingError('told', method, error.message);
      }
      const answers = list.map((question, at): Answer<unknown> => {
        try {
          return { value: read(question, json[at]) };
        } catch (error) {
          if (error instanceof ReportingError) return { error };
          throw error;
        }
      });
      // The type of a list that was mapped one by one is beyond what the compiler follows.
      return answers as { [K in keyof T]: Answer<T[K]> };
    },
  };
}

function read<T>({ method, answer }: Question<T>, json: unknown): T {
  const error = toldError.safeParse(json).data;
  if (error !== undefined) throw new ReportingError('told', method, error.message);
  const { data, success, error: problem } = answer.safeParse(json);
  if (success) return data;
  const [issue] = problem.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${keyPath(issue.path)}`;
  throw new ReportingError('unreadable', method, `an answer of another form${place}: ${issue?.message}`);
}

/** The API's own words in a refusal. */
function told({ body }: Reply): string | undefined {
  return toldError.safeParse(jsonOf(body)).data?.message;
}

/** Undefined where it is none. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** An unknown method is 400, and other errors of the API can come with 500: those hold JSON and are answers. */
function isOverloaded({ status, body }: Reply): boolean {
  return status === 429 || (status >= 500 && toldError.safeParse(jsonOf(body)).data === undefined);
}

function retryAfterMs({ headers }: Reply): number {
  const seconds = Number(headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
