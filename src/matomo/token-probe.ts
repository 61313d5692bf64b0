import { bulkOfOne } from './bulk.ts';
import { bulkCounts, example, type Reply } from './reply.ts';

/**
 * A body that asks whether a token may write to a site and records nothing: one `rec=0` line with an address,
 * which is refused without write access (contract case `probe-bulk-rec-0-bad-token`). A refusal counts as one
 * failed login, and about 20 lock the sender out, so this goes out alone and once.
 */
export function tokenProbeBody(siteId: number, token: string): string {
  return bulkOfOne(`idsite=${siteId}&rec=0&cip=1.2.3.4`, token);
}

/** `refused`: the server said no. `unclear`: it said something else, and hits will show. */
export type ProbeResult = { readonly result: 'good' | 'refused' | 'unclear'; readonly detail: string };

export function judgeProbe(reply: Reply): ProbeResult {
  const counts = reply.status === 200 ? bulkCounts(reply.body) : undefined;
  if (counts !== undefined) {
    if (counts.invalid === 0 && counts.tracked === 1) return { result: 'good', detail: '' };
    if (counts.invalid > 0) {
      return {
        result: 'refused',
        detail: 'it may not write to this site, there is no such site, or it only works in forms',
      };
    }
  }
  if (reply.status === 400 || reply.status === 401 || reply.status === 403)
    return { result: 'refused', detail: example(reply) };
  return { result: 'unclear', detail: example(reply) };
}
