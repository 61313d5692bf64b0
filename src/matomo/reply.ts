import { accepted, acceptedInDoubt, acceptedUnconfirmed, type Verdict, verdict } from './outcome.ts';

/** An answer of the tracker as it came, with as much of its body as is worth reading. */
export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  /** `content-type`, `location` and `retry-after`, where the status makes them worth reading. */
  readonly headers: ReadonlyMap<string, string>;
}

/** `{` */
const OPENING_BRACE = 0x7b;
const FALLEN = Buffer.from('Error:');

/** `again`: surely not processed, and the server asks to be tried later or may be tried whole once more. */
export type SingleJudgement = Verdict | 'again';

/** Of a page's words: more than is shown, so that secrets can be taken out before it is cut. */
const EXAMPLE_LENGTH = 1000;

/** What an answer to one hit says. 400 is the tracker's no; 200 counts only with its GIF. */
export function judgeSingle(reply: Reply): SingleJudgement {
  switch (reply.status) {
    case 204:
      return accepted;
    case 200:
      return isGif(reply.body) ? accepted : judgeOtherPage(reply);
    case 400:
      return verdict('rejected', 'HTTP_400', example(reply));
    default:
      return judgeOtherStatus(reply);
  }
}

/**
 * What an answer to a body of `sent` hits says of each of them, in order.
 *
 * Status 200 says nothing by itself: refused lines are counted in `invalid`, and named in `invalid_indices` only
 * for a superuser's token. A lock wait time-out leaves a hit in neither count.
 */
export function judgeBulk(reply: Reply, sent: number): readonly Verdict[] | 'again' {
  if (reply.status === 204 || (reply.status === 200 && isGif(reply.body)))
    return repeated(acceptedUnconfirmed, sent);
  if (reply.status === 500 && wasRolledBack(reply.body, sent)) return 'again';
  if (reply.status === 400) return repeated(verdict('rejected', 'HTTP_400', example(reply)), sent);
  if (reply.status !== 200) {
    const judgement = judgeOtherStatus(reply);
    return judgement === 'again' ? 'again' : repeated(judgement, sent);
  }
  const counts = bulkCounts(reply.body);
  if (counts === undefined) {
    // The tracker's own answer, cut off: the hits may well be stored.
    const isCutOff = reply.body[0] === OPENING_BRACE && jsonOf(reply.body) === undefined;
    const judgement = isCutOff
      ? verdict('unknown', 'BULK_UNREADABLE', example(reply))
      : judgeOtherPage(reply);
    return repeated(judgement, sent);
  }
  const { tracked, invalid, indices } = counts;
  if (invalid === 0 && tracked === sent) return repeated(accepted, sent);

  const refused = verdict('rejected', 'BULK_INVALID', 'the server counted it as invalid');
  if (
    tracked + invalid === sent &&
    indices !== undefined &&
    new Set(indices).size === invalid &&
    indices.every(at => at < sent)
  ) {
    const verdicts: Verdict[] = repeated(accepted, sent);
    for (const at of indices) verdicts[at] = refused;
    return verdicts;
  }
  return byNumber(sent, tracked, invalid, refused);
}

/** Right in number: the last of the body are taken for those that are told of, and all are in doubt. */
function byNumber(sent: number, tracked: number, invalid: number, refused: Verdict): readonly Verdict[] {
  const rejectedHits = Math.min(invalid, sent);
  const acceptedHits = Math.min(tracked, sent - rejectedHits);
  const uncounted = verdict(
    'unknown',
    'BULK_UNCOUNTED',
    `${sent} hits sent, ${tracked} tracked, ${invalid} invalid`,
  );
  return [
    ...repeated(acceptedInDoubt, acceptedHits),
    ...repeated({ ...uncounted, inDoubt: true }, sent - acceptedHits - rejectedHits),
    ...repeated({ ...refused, inDoubt: true }, rejectedHits),
  ];
}

/**
 * A bulk is one transaction. Where the tracker fails at a hit, all is rolled back: the answer counts those before it and no
 * refused ones, which it counts only after the last, and the body can go out whole once more (contract case
 * `bulk-one-ca-1-page-view`). Where it has come to the last hit the commit failed, because there was no transaction any
 * more: Matomo passes over a deadlock when it writes an option (the salt of a past day's fingerprints, the mark that a past
 * day's reports are out of date), by which the database has undone what was before, and each hit after it is recorded by
 * itself. Nobody knows which these are.
 */
function wasRolledBack(body: Buffer, sent: number): boolean {
  const counts = bulkCounts(body);
  return counts !== undefined && counts.invalid === 0 && counts.tracked < sent;
}

/** With status 200: a page that is not the tracker's, or what PHP says where the tracker fell over [piwik.php], at any point. */
function judgeOtherPage(reply: Reply): Verdict {
  return reply.body.subarray(0, FALLEN.length).equals(FALLEN)
    ? verdict('unknown', 'TRACKER_FELL', example(reply))
    : verdict('failed', 'NOT_A_TRACKER', example(reply));
}

function judgeOtherStatus(reply: Reply): SingleJudgement {
  const { status } = reply;
  if (status === 429 || status === 503) return 'again';
  if (status === 500 || status === 502 || status === 504)
    return verdict('unknown', `HTTP_${status}`, example(reply));
  return verdict('failed', `HTTP_${status}`, example(reply));
}

interface BulkCounts {
  readonly tracked: number;
  readonly invalid: number;
  readonly indices: readonly number[] | undefined;
}

/** Undefined where the body is not what BulkTracking answers. */
export function bulkCounts(body: Buffer): BulkCounts | undefined {
  const json = jsonOf(body);
  if (typeof json !== 'object' || json === null || !('tracked' in json) || !('invalid' in json))
    return undefined;
  const { tracked, invalid } = json;
  if (!isCount(tracked) || !isCount(invalid)) return undefined;
  const listed = 'invalid_indices' in json ? json.invalid_indices : undefined;
  return { tracked, invalid, indices: Array.isArray(listed) && listed.every(isCount) ? listed : undefined };
}

/** Undefined where it is none. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isGif(body: Buffer): boolean {
  return body[0] === 0x47 && body[1] === 0x49 && body[2] === 0x46;
}

function repeated<T>(value: T, times: number): T[] {
  return new Array<T>(times).fill(value);
}

/**
 * The first words that have room. The one at the end is left out rather than cut: secrets are taken out later, and
 * half of one would not be known for it.
 */
export function wholeWords(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length + 1).replace(/\s*\S*$/, '');
}

/** A line of what came, for a person: words of the body, else where it points or what it is. No query is kept. */
export function example({ status, body, headers }: Reply): string {
  const location = headers.get('location');
  if (location !== undefined) return `status ${status} to ${location.replace(/[?#].*$/, '')}`;
  const all = isGif(body)
    ? ''
    : body
        .toString('utf8')
        .replace(/<(script|style)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
        .replace(/[0-9a-f]{32,}/gi, '…')
        .replace(/\s+/g, ' ')
        .trim();
  // The title of an error page is often its heading, too.
  const once = wholeWords(all, 2 * EXAMPLE_LENGTH).replace(/^(.+) \1(?= |$)/, '$1');
  const words = wholeWords(once, EXAMPLE_LENGTH);
  return words === '' ? `status ${status}` : `status ${status}: ${words}`;
}
