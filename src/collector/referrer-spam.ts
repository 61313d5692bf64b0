import { spamHosts } from '../data/referrer-spam-hosts.ts';

/** Referrers repeat within a run; far above this many different ones the answers are forgotten. */
const cacheSize = 10_000;
const answers = new Map<string, boolean>();

/**
 * True where the referrer's URL holds a host of the spam list anywhere, in any case
 * [core/Tracker/Visit/ReferrerSpamFilter.php].
 */
export function isSpamReferrer(url: string): boolean {
  if (url === '') return false;
  const known = answers.get(url);
  if (known !== undefined) return known;
  const lower = url.toLowerCase();
  const spam = spamHosts.some(host => lower.includes(host));
  if (answers.size >= cacheSize) answers.clear();
  answers.set(url, spam);
  return spam;
}
