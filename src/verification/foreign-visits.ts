import type { Zone } from '../base/zone.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import type { Visit } from '../traffic/visit.ts';
import { readLog } from './recorded-log.ts';

/** Visits of others, by the time of their last action. */
export interface ForeignVisits {
  /** Since the totals from before the run were read. */
  readonly since: number;
  /** In the time that the run's visits are dated in, which begins earlier. */
  readonly dated: number;
}

/** Where visits of others are looked for: Unix seconds. */
export interface ForeignSearch {
  readonly siteId: number;
  readonly zone: Zone;
  /** When the totals from before the run were read, which is where `since` begins. */
  readonly beganEpochSeconds: number;
  readonly fromEpochSeconds: number;
  readonly toEpochSeconds: number;
}

/**
 * Visits of a site's log that are none of the run's. Undefined where the server shows no log.
 *
 * @throws ReportingError
 */
export async function foreignVisits(
  client: ReportingClient,
  search: ForeignSearch,
  runVisits: Iterable<Visit>,
  signal: AbortSignal | undefined,
): Promise<ForeignVisits | undefined> {
  // Not by the tag that begins them: other shards and other targets at this site have it too, and logged-in visitors not.
  const own = new Set<string>();
  for (const { visitorId } of runVisits) own.add(visitorId);
  const since = new Set<number>();
  const dated = new Set<number>();
  try {
    for await (const page of readLog(client, search, { withActions: false, signal })) {
      for (const { visitorId, idVisit, lastActionTimestamp } of page) {
        if (own.has(visitorId)) continue;
        (lastActionTimestamp < search.beganEpochSeconds ? dated : since).add(idVisit);
      }
    }
  } catch (error) {
    if (error instanceof ReportingError && error.kind === 'told') return undefined;
    throw error;
  }
  return { since: since.size, dated: dated.size };
}
