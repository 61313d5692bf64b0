import { ratesOf } from './build-report.ts';
import { mergedErrors } from './error-order.ts';
import { offeredToTarget, offeredVisitsPerSecond } from './expectation.ts';
import { Histogram } from './histogram.ts';
import { addedUp } from './monitor.ts';
import type { CountedError, HitCounts, Rate, VisitCounts } from './report.ts';
import type { RunConfig } from './run-config.ts';
import type { RunningTarget } from './running-target.ts';

/** What a run, or one target of it, has come to: at its end, or since its start while it goes on. */
export interface Standing {
  readonly visits: Readonly<VisitCounts>;
  readonly hits: Readonly<HitCounts>;
  readonly rate: Rate;
  readonly latency: Histogram;
  readonly lateness: Histogram;
  readonly errors: readonly CountedError[];
  /** How much of what was recorded differs from what was accepted; null where that is not known. */
  readonly difference: number | null;
}

export interface RunStanding extends Standing {
  readonly targets: ReadonlyMap<string, Standing>;
}

/** Of a run that goes on. */
export function standingOf(
  config: RunConfig,
  targets: readonly RunningTarget[],
  elapsedSeconds: number,
): RunStanding {
  const each = targets.map((target): [string, Standing] => [
    target.config.name,
    {
      visits: target.ledger.visits,
      hits: target.ledger.hits,
      rate: ratesOf(offeredToTarget(config, target.config), [target], elapsedSeconds),
      latency: target.times.latency,
      lateness: target.times.lateness,
      errors: target.ledger.errors(),
      difference: null,
    },
  ]);
  const [[, only] = [undefined, undefined], ...others] = each;
  if (only !== undefined && others.length === 0) return { ...only, targets: new Map(each) };
  const all = each.map(([, standing]) => standing);
  return {
    visits: addedUp(all.map(({ visits }) => visits)),
    hits: addedUp(all.map(({ hits }) => hits)),
    rate: ratesOf(offeredVisitsPerSecond(config), targets, elapsedSeconds),
    latency: Histogram.sum(all.map(({ latency }) => latency)),
    lateness: Histogram.sum(all.map(({ lateness }) => lateness)),
    errors: mergedErrors(all.map(({ errors }) => errors)),
    difference: null,
    targets: new Map(each),
  };
}
