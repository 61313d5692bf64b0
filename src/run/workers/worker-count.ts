import { Failure } from '../../base/failure.ts';
import { arrivalRate, isPerTarget } from '../expectation.ts';
import { trafficOf } from '../planning.ts';
import type { RunConfig } from '../run-config.ts';

/** What a thread sends with room to spare, so that hits stay on time: docs/performance.md. */
const HITS_A_SECOND = { single: 12_000, bulk: 60_000 } as const;

/** Hits a visit may have besides its pageviews, roughly. */
const OTHER_HITS = 3;

/**
 * How many threads a run has.
 *
 * @param asked as configured
 * @param cores that this process may use
 * @throws Failure CONFIG_INVALID where a target's limits cannot be shared out
 */
export function workerCount(config: RunConfig, asked: number | 'auto', cores: number): number {
  const [least] = config.targets
    .flatMap(({ name, concurrency, connections }) => [
      { what: `concurrency of ${name}`, limit: concurrency },
      { what: `connections of ${name}`, limit: connections },
    ])
    .sort((one, other) => one.limit - other.limit);
  const most = least?.limit ?? 1;
  if (asked === 'auto') return Math.max(1, Math.min(cores, most, threadsForRate(config)));
  if (asked <= most) return asked;
  throw new Failure(
    'CONFIG_INVALID',
    `workers = ${asked} cannot share out the ${least?.what}, which is ${most}`,
    { hint: 'Nothing was sent. Take fewer workers, or a higher limit.' },
  );
}

/** Infinite under rate `max`. */
function threadsForRate(config: RunConfig): number {
  const weights = config.targets.reduce((sum, { weight }) => sum + weight, 0);
  let threads = 0;
  for (const target of config.targets) {
    const rate = arrivalRate(config, target);
    if (rate === 'max') return Number.POSITIVE_INFINITY;
    const share = isPerTarget(config) ? 1 : target.weight / weights;
    const { pageviews } = trafficOf(config, target);
    const hitsPerVisit = (pageviews.min + pageviews.max) / 2 + OTHER_HITS;
    threads += (rate * share * hitsPerVisit) / HITS_A_SECOND[target.transport];
  }
  return Math.ceil(threads);
}
