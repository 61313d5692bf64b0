import { isEmpty } from './loose-values.ts';
import { noParameters, type Parameters, type ParameterValue, parseQuery } from './query-string.ts';
import { RequestParameters } from './request-parameters.ts';

/** A body with many hits. */
export interface BulkRequest {
  /** The lines that are hits, each with its parameters; their places are what `invalid_indices` counts. */
  readonly lines: readonly Parameters[];
  /** The token on top of the body, for all lines. */
  readonly token: string;
  readonly wantsAnswer: boolean;
}

/** True for a body that is taken as a bulk whatever its content type: the word is looked for, not the structure. */
export function isBulk(body: string): boolean {
  return body.indexOf('"requests"') > 0 || body.indexOf("'requests'") > 0;
}

/**
 * Reads a bulk. Broken JSON is a bulk without lines, and a line that is a text without a query part is no line: the
 * places of those after it move up [plugins/BulkTracking/Tracker/Requests.php].
 *
 * @param outside the parameters of URL and form, which count for token and answer where the JSON is broken
 */
export function readBulk(body: string, outside: Parameters): BulkRequest {
  const json = jsonOf(body);
  const top = new RequestParameters(isObject(json) ? json : json === null ? outside : noParameters());
  const requests = isObject(json) ? json.requests : undefined;
  const entries = typeof requests === 'object' && requests !== null ? Object.values(requests) : [];
  return {
    lines: entries.map(lineOf).filter(line => line !== undefined),
    token: top.text('token_auth'),
    wantsAnswer: !isEmpty(top.text('send_image', '1')),
  };
}

/** The same bulk without this share of its lines, from the first on. Broken JSON stays as it is. */
export function withoutFirstLines(body: string, share: number): string {
  const json = jsonOf(body);
  if (!isObject(json) || typeof json.requests !== 'object' || json.requests === null) return body;
  const lines = Object.values(json.requests);
  return JSON.stringify({ ...json, requests: lines.slice(Math.floor(share * lines.length)) });
}

function lineOf(line: ParameterValue): Parameters | undefined {
  if (typeof line === 'string') {
    const query = /^[^?#]*\?([^#]*)/.exec(line)?.[1];
    return isEmpty(query) || query === undefined ? undefined : parseQuery(query);
  }
  return isObject(line) ? Object.assign(noParameters(), line) : noParameters();
}

function isObject(value: ParameterValue): value is Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(body: string): ParameterValue {
  try {
    return JSON.parse(body.trim().replace(/[\n\r]/g, ''));
  } catch {
    return null;
  }
}
