import { bulkCounts, example, type Reply, wholeWords } from '../matomo/reply.ts';
import { type Finding, finding } from './finding.ts';

/**
 * What the tracker says to a bulk of one line without a token and with `rec=0`, of which Matomo records nothing:
 * `site` knows it, `no-site` does not; anything else is not what BulkTracking answers.
 */
export type BulkAnswer = 'site' | 'no-site' | 'other';

export function bulkAnswer(reply: Reply): BulkAnswer {
  const counts = reply.status === 200 ? bulkCounts(reply.body) : undefined;
  if (counts === undefined) return 'other';
  if (counts.invalid > 0) return 'no-site';
  return counts.tracked === 1 ? 'site' : 'other';
}

/** Whether it is how a queue takes hits: without a word on them. */
export function isQueueAnswer({ status, body }: Reply): boolean {
  return status === 204 || (status === 200 && body.subarray(0, 3).toString('latin1') === 'GIF');
}

/** What `matomo.php` shows to somebody who asks without parameters. */
export function isTrackerPage({ status, body }: Reply): boolean {
  return status === 200 && /This resource is part of (?:Matomo|Piwik)/i.test(body.toString('utf8'));
}

/**
 * Why an answer is not that of Matomo's tracker, in words for each way.
 *
 * @param reply to the question that was asked with GET: proxies answer that as they answer people
 */
export function notATracker(reply: Reply, url: URL): Finding {
  const place = `${url.origin}${url.pathname}`;
  const { status } = reply;
  if (status >= 300 && status < 400) {
    const location = reply.headers.get('location')?.replace(/[?#].*$/, '') ?? 'nowhere';
    return finding('REDIRECTED', `${place} leads to ${location} (status ${status})`);
  }
  if (status === 404 || status === 410) {
    return finding('NOT_FOUND', `there is nothing at ${place} (status ${status})`);
  }
  if (status === 401 || status === 403 || status === 407) {
    return finding('FORBIDDEN', `${place} lets nobody in: ${shortened(reply)}`);
  }
  if (status === 503 || status === 429) {
    return finding('SERVER_UNAVAILABLE', `${place} cannot be used now: ${shortened(reply)}`);
  }
  if (status >= 500) return finding('SERVER_FAILED', `${place} fails: ${shortened(reply)}`);
  if (isMatomoPage(reply)) {
    return finding(
      'NOT_A_TRACKER',
      `${place} is Matomo's user interface, and not its tracker`,
      'Give the address of matomo.php, which is beside it.',
    );
  }
  return finding('NOT_A_TRACKER', `${place} is not Matomo's tracker: ${shortened(reply)}`);
}

function isMatomoPage({ body }: Reply): boolean {
  return /<meta[^>]+(?:Matomo|Piwik)|<title>[^<]*(?:Matomo|Piwik)/i.test(body.toString('utf8'));
}

const WORDS = 120;

function shortened(reply: Reply): string {
  const words = example(reply);
  return words.length > WORDS ? `${wholeWords(words, WORDS)} …` : words;
}
