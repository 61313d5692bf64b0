import { mix32 } from '../base/random.ts';

/** Part `number` (1 to `count`) of a plan that is run in `count` places at once. */
export interface Shard {
  readonly number: number;
  readonly count: number;
  /** What of it one thread of several takes. */
  readonly thread?: ThreadShare;
}

/** Thread `number` (0 to `count` − 1) of `count`. */
export interface ThreadShare {
  readonly number: number;
  readonly count: number;
}

/**
 * Whether a shard takes the visitors whose first index is `index`. Shards need no coordinator: what they
 * take follows from the index alone, and together they take everything once.
 */
export function shardTakes(shard: Shard | undefined, index: number): boolean {
  if (shard === undefined) return true;
  const { number, count, thread } = shard;
  if (index % count !== number % count) return false;
  return thread === undefined || threadOf(index, count, thread.count) === thread.number;
}

/**
 * Which of a shard's threads takes an index of the shard. So many in a row are one of each thread, as with the remainder,
 * but each row in a turn of its own: of two targets that get visits in turn each thread has half, and not one target each.
 *
 * @param shards how many shards the plan has
 */
export function threadOf(index: number, shards: number, threads: number): number {
  const position = Math.floor(index / shards);
  const row = Math.floor(position / threads);
  return ((position % threads) + mix32(row, 0)) % threads;
}

/** How many of the indices below `size` a shard takes. */
export function shardSize(shard: Shard | undefined, size: number): number {
  if (shard === undefined) return size;
  const { number, count, thread } = shard;
  const whole = Math.max(0, Math.ceil((size - (number % count)) / count));
  if (thread === undefined) return whole;
  const rows = Math.floor(whole / thread.count);
  let taken = rows;
  for (let position = rows * thread.count; position < whole; position++)
    if (threadOf(position, 1, thread.count) === thread.number) taken++;
  return taken;
}
