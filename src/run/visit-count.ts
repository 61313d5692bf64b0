import { shardSize, shardTakes } from '../traffic/shard.ts';
import { type ArrivalGroup, arrivalGroups } from './arrival-groups.ts';
import { arrivalRate, visitsInTime } from './expectation.ts';
import { trafficOf } from './planning.ts';
import type { RunConfig } from './run-config.ts';

/** Beyond this it takes too long to look at the visits one by one. */
const MOST_COUNTED = 1_000_000;

const known = new WeakMap<RunConfig, number | null>();

/** Visits of the whole plan, over all targets; null where it has no end, or one that only time tells. */
export function countOfPlannedVisits(config: RunConfig): number | null {
  const found = known.get(config);
  if (found !== undefined) return found;
  const count = counted(config);
  known.set(config, count);
  return count;
}

function counted(config: RunConfig): number | null {
  let whole = 0;
  for (const group of arrivalGroups(config)) {
    const visits = visitsOf(config, group);
    if (visits === null) return null;
    const recipients = config.distribution === 'mirror' ? config.targets.length : 1;
    whole += recipients * visits;
  }
  return Number.isFinite(whole) ? whole : null;
}

function visitsOf(config: RunConfig, group: ArrivalGroup): number | null {
  const [first = 0] = group.targets;
  const target = config.targets[first];
  const inTime = target === undefined ? null : visitsInTime(config, arrivalRate(config, target));
  if (inTime === null) return null;
  const visits = Math.min(config.visits ?? Number.POSITIVE_INFINITY, inTime);
  return mayComeAgain(config, group) ? visitsOfShard(config, group, visits) : shardSize(config.shard, visits);
}

function mayComeAgain(config: RunConfig, { targets }: ArrivalGroup): boolean {
  return config.targets.some(
    (target, at) => targets.includes(at) && (trafficOf(config, target).returning?.share ?? 0) > 0,
  );
}

/** Shards share out visitors, and how often those come is seen by looking; under the real clock it depends on when. */
function visitsOfShard({ clock, shard }: RunConfig, group: ArrivalGroup, visits: number): number | null {
  if (shard === undefined) return visits;
  if (clock === 'real' || visits > MOST_COUNTED) return null;
  let count = 0;
  for (let index = 0; index < visits; index++) {
    if (shardTakes(shard, group.recurrence(index, null).firstIndex)) count++;
  }
  return count;
}
