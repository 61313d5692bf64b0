import type { HitCounts } from '../run/report.ts';
import type { Standing } from '../run/standing.ts';

/** Times are in ms, shares 0–1; a rate is a number a second. */
export type Unit = 'time' | 'share' | 'count' | 'rate';

/** Something of a run that a threshold can be about. */
export interface Figure {
  /** With dots. `pN` stands for any percentile, `CODE` for the code of an error. */
  readonly name: string;
  readonly unit: Unit;
  readonly meaning: string;
  /** Not known while the run goes on. */
  readonly atEnd?: true;
  /** null: there is no data. @param parts of the name, as they were given */
  readonly read: (of: Standing, parts: readonly string[]) => number | null;
}

type Outcome = Exclude<keyof HitCounts, 'planned' | 'unaccounted'>;
type End = 'completed' | 'partial' | 'failed' | 'dropped' | 'skipped';

const settled = ({ hits }: Standing) =>
  hits.accepted + hits.rejected + hits.failed + hits.unknown + hits.skipped;
const ended = ({ visits }: Standing) =>
  visits.completed + visits.partial + visits.failed + visits.dropped + visits.skipped;
const notAccepted = ({ hits }: Standing) => hits.rejected + hits.failed + hits.unknown;

/** Everything a threshold can be about, in the order of the documentation. */
export const figures: readonly Figure[] = [
  count('hits.planned.count', 'hits of the visits whose time had come', of => of.hits.planned),
  ...ofHits('accepted', 'hits the server took'),
  ...ofHits('rejected', 'hits the server said no to'),
  ...ofHits('failed', 'hits that were surely not processed'),
  ...ofHits('unknown', 'hits that were sent and not answered'),
  ...ofHits('skipped', 'hits that were never sent'),
  ...ofHits('unconfirmed', 'accepted hits that were only queued, as far as the answer tells'),
  count('hits.errors.count', 'hits rejected, failed or unknown', notAccepted),
  share('hits.errors.rate', 'their share of all hits that came to an end', of =>
    part(notAccepted(of), settled(of)),
  ),
  count('visits.planned.count', 'visits whose time had come', of => of.visits.planned),
  ...ofVisits('completed', 'visits of which all hits were accepted'),
  ...ofVisits('partial', 'visits of which some hits were accepted'),
  ...ofVisits('failed', 'visits of which some hits were tried and none was accepted'),
  ...ofVisits('dropped', 'visits that were not begun because of `--overflow drop`'),
  ...ofVisits('skipped', 'visits of which nothing was tried'),
  share(
    'visits.achieved.rate',
    'the rate at which visits began, as a share of the rate that was asked for',
    of =>
      of.rate.offeredVisitsPerSecond === null || of.rate.achievedVisitsPerSecond === 0
        ? null
        : part(of.rate.achievedVisitsPerSecond, of.rate.offeredVisitsPerSecond),
  ),
  perSecond('rate.visits', 'visits a second, at which they began', of => of.rate.achievedVisitsPerSecond),
  perSecond('rate.hits', 'hits a second, over the whole run', of => of.rate.hitsPerSecond),
  ...ofTimes('latency', 'from the moment a hit is written to the end of its answer'),
  ...ofTimes('lateness', 'from the moment a hit is due to the moment it is written'),
  count(
    'errors.CODE.count',
    'how often an error came, by its code in the report: `errors.HTTP_429.count`',
    (of, parts) => of.errors.find(({ code }) => code === parts[1])?.count ?? 0,
  ),
  {
    ...count(
      'verification.difference',
      'figures and visits that were recorded otherwise than accepted; needs `--verify`',
      of => of.difference,
    ),
    atEnd: true,
  },
];

function ofHits(outcome: Outcome, meaning: string): Figure[] {
  return [
    count(`hits.${outcome}.count`, meaning, of => of.hits[outcome]),
    share(`hits.${outcome}.rate`, 'their share of all hits that came to an end', of =>
      part(of.hits[outcome], settled(of)),
    ),
  ];
}

function ofVisits(end: End, meaning: string): Figure[] {
  return [
    count(`visits.${end}.count`, meaning, of => of.visits[end]),
    share(`visits.${end}.rate`, 'their share of all visits that came to an end', of =>
      part(of.visits[end], ended(of)),
    ),
  ];
}

function ofTimes(name: 'latency' | 'lateness', meaning: string): Figure[] {
  return [
    time(`${name}.mean`, `${meaning}: the mean`, of => of[name].meanMs),
    time(`${name}.max`, 'the longest', of => of[name].maxMs),
    time(`${name}.pN`, 'a percentile: `p50`, `p95`, `p99.9`, right within 1.6 %', (of, [, percentile = '']) =>
      of[name].percentile(Number(percentile.slice(1)) / 100),
    ),
  ];
}

function count(name: string, meaning: string, read: Figure['read']): Figure {
  return { name, unit: 'count', meaning, read };
}

function share(name: string, meaning: string, read: Figure['read']): Figure {
  return { name, unit: 'share', meaning, read };
}

function perSecond(name: string, meaning: string, read: Figure['read']): Figure {
  return { name, unit: 'rate', meaning, read };
}

function time(
  name: string,
  meaning: string,
  read: (of: Standing, parts: readonly string[]) => number | null,
): Figure {
  return { name, unit: 'time', meaning, read: (of, parts) => rounded(read(of, parts)) };
}

function part(of: number, whole: number): number | null {
  return whole === 0 ? null : of / whole;
}

/** To the microsecond, as the report has times. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
