import { localDay, type Zone } from '../base/zone.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { type LoggedVisit, visitLogQuestion } from '../matomo/reporting/visit-log.ts';
import { beginningKey, nearestSlot, type PlanOutline } from './plan-outline.ts';
import type { LogScope } from './recorded-details.ts';
import { type RecordedVisit, recordedVisit } from './recorded-visit.ts';

/** Visits a page: some 2 MB with their actions. */
const PAGE_VISITS = 200;

/** What a server has of a plan's visits. Visits of others are read and not kept. */
export class RecordedLog {
  /** Read so far, with those of others. */
  read = 0;
  readonly #outline: PlanOutline;
  readonly #zone: Zone;
  readonly #scope: LogScope;
  /** By index in the plan, then by the server's own id of a visit. */
  readonly #visits = new Map<number, Map<number, RecordedVisit>>();
  /** By index in the plan: the visitor in whose visit it stands. */
  readonly #hosts = new Map<number, string>();

  /** @param zone the site's */
  constructor(outline: PlanOutline, zone: Zone, scope: LogScope) {
    this.#outline = outline;
    this.#zone = zone;
    this.#scope = scope;
  }

  /** How many planned visits have something recorded. */
  get found(): number {
    return this.#visits.size;
  }

  /** A visit that is read again, because hits were added to it meanwhile, replaces what was read. */
  take(logged: LoggedVisit): void {
    this.read++;
    const visit = recordedVisit(logged, this.#zone, this.#scope);
    const slots = this.#outline.visitors.get(visit.visitorId);
    const slot = slots && nearestSlot(slots, visit.facts.firstEpochSeconds);
    if (slot !== undefined) {
      const known = this.#visits.get(slot.index);
      if (known === undefined) this.#visits.set(slot.index, new Map([[visit.idVisit, visit]]));
      else known.set(visit.idVisit, visit);
    }
    for (const { type, pageviewId, epochSeconds } of visit.actions) {
      if (type !== 'pageview') continue;
      const owner = this.#outline.beginnings.get(beginningKey(pageviewId, epochSeconds));
      if (owner !== undefined && !slots?.includes(owner)) this.#hosts.set(owner.index, visit.visitorId);
    }
  }

  /** What stands for a visit of the plan, in order of time. */
  of(index: number): readonly RecordedVisit[] {
    const visits = [...(this.#visits.get(index)?.values() ?? [])];
    if (visits.length < 2) return visits;
    return visits.sort((one, other) => one.facts.firstEpochSeconds - other.facts.firstEpochSeconds);
  }

  /** The visitor in whose visit the pageviews of a planned one stand. */
  hostOf(index: number): string | undefined {
    return this.#hosts.get(index);
  }
}

/** Where in a site's log to read: by the last action of visits. */
export interface LogWindow {
  readonly siteId: number;
  readonly zone: Zone;
  readonly fromEpochSeconds: number;
  readonly toEpochSeconds: number;
}

/**
 * Reads a part of a site's log, page by page in order of last actions, so that what comes in meanwhile is on a later
 * page. A page begins with the second the one before ended in: visits of one second may be on both.
 *
 * @throws ReportingError
 */
export async function* readLog(
  client: ReportingClient,
  { siteId, zone, fromEpochSeconds, toEpochSeconds }: LogWindow,
  { withActions, signal }: { readonly withActions: boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly LoggedVisit[]> {
  let since = fromEpochSeconds;
  let offset = 0;
  // A day on either side does no harm, and is needed where the zone is not quite the site's.
  const lastDay = dayText(zone, toEpochSeconds, 1);
  while (!signal?.aborted) {
    const page = await client.ask(
      visitLogQuestion(siteId, {
        dates: `${dayText(zone, since, -1)},${lastDay}`,
        sinceEpochSeconds: since,
        limit: PAGE_VISITS,
        offset,
        withActions,
      }),
    );
    const wanted = page.filter(({ lastActionTimestamp }) => lastActionTimestamp <= toEpochSeconds);
    yield wanted;
    const last = page[page.length - 1];
    if (last === undefined || page.length < PAGE_VISITS || wanted.length < page.length) return;
    if (last.lastActionTimestamp > since) {
      since = last.lastActionTimestamp;
      offset = 0;
    } else offset += page.length;
  }
}

/** @param moved in days */
function dayText(zone: Zone, epochSeconds: number, moved: number): string {
  return new Date((localDay(zone, epochSeconds) + moved) * 86_400_000).toISOString().slice(0, 10);
}
