import type * as z from 'zod';

/** One call of the Reporting API, and what its answer is to look like. */
export interface Question<T> {
  /** For example `SitesManager.getSiteFromId`. */
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<T>;
}

/** All rows, unformatted numbers: what programs read. */
const forPrograms = { format: 'JSON', format_metrics: '0' } as const;

/**
 * What the URL of a call says. Without it Matomo does not take a request for one of its API before it has let the
 * sender in, and refuses a token with a page for people [core/API/Request.php: isRootRequestApiRequest].
 */
export function reportingQuery(method: string): string {
  return new URLSearchParams({ module: 'API', method }).toString();
}

/** The form body of one call. The token goes in here and never in a URL. */
export function questionForm(question: Question<unknown>, token: string): string {
  return new URLSearchParams({
    module: 'API',
    method: question.method,
    ...question.parameters,
    ...forPrograms,
    token_auth: token,
  }).toString();
}

/**
 * The form body of several calls in one request. A bad token is refused once for all of them and counts as one
 * failed login; an error of one call stands in its place in the list (`reporting-more.json`).
 */
export function questionsForm(questions: readonly Question<unknown>[], token: string): string {
  const form = new URLSearchParams({
    module: 'API',
    method: 'API.getBulkRequest',
    ...forPrograms,
    token_auth: token,
  });
  for (const [at, { method, parameters }] of questions.entries()) {
    form.set(`urls[${at}]`, new URLSearchParams({ method, ...parameters, ...forPrograms }).toString());
  }
  return form.toString();
}
