import * as z from 'zod';
import { firstSecond, localDay, zoneOf } from '../base/zone.ts';
import type { Question } from '../matomo/reporting/question.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { type Finding, finding } from './finding.ts';

/** A run that is known to have sent to a site. */
export interface KnownRun {
  /** Begins the ids of its visitors who are not logged in. */
  readonly tag: string;
  /** Begins the user ids of those who are: Matomo makes their ids of these. Undefined: it is not known. */
  readonly userIdPrefix?: string | undefined;
}

/** Visits of today that no remembered run made. */
export interface TodaysVisits {
  readonly foreign: number;
  /** There may be more than those that were looked at. */
  readonly isAtLeast: boolean;
  /** What was looked at. */
  readonly since: 'today' | 'in the last hour';
}

/**
 * Soon after a midnight nobody has been on the busiest site today, and what a run sends is dated before that midnight:
 * so much is looked at always.
 */
const LEAST_SECONDS = 3600;

/** Looked at from the beginning and from the end: a large run of ours lies between others' visits. */
const LISTED = 250;

const listed = z.array(
  z.object({
    idVisit: z.coerce.number(),
    visitorId: z.string(),
    userId: z.unknown().transform(String),
    lastActionTimestamp: z.coerce.number(),
  }),
);
type Listed = z.output<typeof listed>;

/** Asked for today, Live begins yesterday and has no end: `sinceSeconds` says how much of it is meant. */
function question(
  siteId: number,
  day: string,
  sinceSeconds: number,
  order: 'asc' | 'desc',
): Question<Listed> {
  return {
    method: 'Live.getLastVisitsDetails',
    parameters: {
      idSite: String(siteId),
      period: 'day',
      date: day,
      // Visits of that very second are left out.
      minTimestamp: String(sinceSeconds - 1),
      filter_limit: String(LISTED),
      filter_sort_order: order,
      doNotFetchActions: '1',
    },
    answer: listed,
  };
}

/**
 * Asks for today's visits of a site, and soon after a midnight for those of the last hour.
 *
 * @param runs that are known to have sent to it
 * @throws ReportingError
 */
export async function askTodaysVisits(
  client: ReportingClient,
  site: { readonly id: number; readonly timezone: string },
  runs: readonly KnownRun[],
  nowEpochMs: number,
): Promise<TodaysVisits> {
  const zone = zoneOf(site.timezone);
  const nowSeconds = Math.floor(nowEpochMs / 1000);
  const today = localDay(zone, nowSeconds);
  const begunSeconds = firstSecond(zone, today);
  const sinceSeconds = Math.min(begunSeconds, nowSeconds - LEAST_SECONDS);
  const day = new Date(today * 86_400_000).toISOString().slice(0, 10);
  const answers = await client.askTogether([
    question(site.id, day, sinceSeconds, 'asc'),
    question(site.id, day, sinceSeconds, 'desc'),
  ]);
  const visits = new Map<number, Listed[number]>();
  for (const { value, error } of answers) {
    if (value === undefined) throw error;
    for (const visit of value) {
      if (visit.lastActionTimestamp >= sinceSeconds) visits.set(visit.idVisit, visit);
    }
  }
  return {
    foreign: [...visits.values()].filter(visit => !runs.some(run => isOf(run, visit))).length,
    isAtLeast: answers.some(({ value }) => value?.length === LISTED),
    since: sinceSeconds < begunSeconds ? 'in the last hour' : 'today',
  };
}

function isOf({ tag, userIdPrefix }: KnownRun, { visitorId, userId }: Listed[number]): boolean {
  return visitorId.startsWith(tag) || (userIdPrefix !== undefined && userId.startsWith(userIdPrefix));
}

export function productionFinding(visits: TodaysVisits): Finding {
  if (visits.foreign === 0) {
    return finding('NO_OTHER_VISITS', `the site has no visits ${visits.since} but those of runs from here`);
  }
  return finding('PRODUCTION_SITE', `the site ${foreignVisits(visits)} that no run from here made`);
}

/** `has 214 visits today`, `has 250 or more visits in the last hour` */
export function foreignVisits({ foreign, isAtLeast, since }: TodaysVisits): string {
  const count = isAtLeast ? `${foreign} or more` : String(foreign);
  return `has ${count} ${foreign === 1 && !isAtLeast ? 'visit' : 'visits'} ${since}`;
}
