import type { DifferenceCause } from '../run/report.ts';

/** What became of a visit, as the rest of a sentence: `3 visits: dropped as a bot's`. */
export const causeWords: Readonly<Record<DifferenceCause, string>> = {
  lost: 'accepted and not recorded',
  doubled: 'recorded more than once',
  'merged-by-fingerprint': "merged into another visitor's visit",
  'dropped-as-bot': "dropped as a bot's",
  'referrer-spam': 'dropped for a referrer that counts as spam',
  'split-at-midnight': "split at a midnight of the site's zone",
  split: 'split into several visits',
  queued: 'still in a queue of the server',
  excluded: "excluded by the site's settings",
  unknown: 'recorded otherwise, and nothing tells why',
};
