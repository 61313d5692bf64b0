import * as z from 'zod';
import { localDay, zoneOf } from '../base/zone.ts';
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
}

/** Looked at from the beginning and from the end of the day: a large run of ours lies between others' visits. */
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

function question(siteId: number, day: string, order: 'asc' | 'desc'): Question<Listed> {
  return {
    method: 'Live.getLastVisitsDetails',
    parameters: {
      idSite: String(siteId),
      period: 'day',
      date: day,
      filter_limit: String(LISTED),
      filter_sort_order: order,
      doNotFetchActions: '1',
    },
    answer: listed,
  };
}

/**
 * Asks for today's visits of a site.
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
  const today = localDay(zone, nowEpochMs / 1000);
  const day = new Date(today * 86_400_000).toISOString().slice(0, 10);
  const answers = await client.askTogether([question(site.id, day, 'asc'), question(site.id, day, 'desc')]);
  const visits = new Map<number, Listed[number]>();
  for (const { value, error } of answers) {
    if (value === undefined) throw error;
    // Live tells of yesterday too.
    for (const visit of value) {
      if (localDay(zone, visit.lastActionTimestamp) === today) visits.set(visit.idVisit, visit);
    }
  }
  const foreign = [...visits.values()].filter(visit => !runs.some(run => isOf(run, visit))).length;
  return { foreign, isAtLeast: answers.some(({ value }) => value?.length === LISTED) };
}

function isOf({ tag, userIdPrefix }: KnownRun, { visitorId, userId }: Listed[number]): boolean {
  return visitorId.startsWith(tag) || (userIdPrefix !== undefined && userId.startsWith(userIdPrefix));
}

export function productionFinding({ foreign, isAtLeast }: TodaysVisits): Finding {
  if (foreign === 0) {
    return finding('NO_OTHER_VISITS', 'the site has no visits today but those of runs from here');
  }
  return finding(
    'PRODUCTION_SITE',
    `the site ${foreignVisits({ foreign, isAtLeast })} today that no run from here made`,
  );
}

/** `has 214 visits`, `has 250 or more visits` */
export function foreignVisits({ foreign, isAtLeast }: TodaysVisits): string {
  const count = isAtLeast ? `${foreign} or more` : String(foreign);
  return `has ${count} ${foreign === 1 && !isAtLeast ? 'visit' : 'visits'}`;
}
