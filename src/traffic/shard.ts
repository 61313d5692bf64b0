/** Part `number` (1 to `count`) of a plan that is run in `count` places at once. */
export interface Shard {
  readonly number: number;
  readonly count: number;
}

/**
 * Whether a shard takes the visitors whose first index is `index`. Shards need no coordinator: what they
 * take follows from the index alone, and together they take everything once.
 */
export function shardTakes(shard: Shard | undefined, index: number): boolean {
  return shard === undefined || index % shard.count === shard.number % shard.count;
}

/** How many of the indices below `size` a shard takes. */
export function shardSize(shard: Shard | undefined, size: number): number {
  if (shard === undefined) return size;
  return Math.max(0, Math.ceil((size - (shard.number % shard.count)) / shard.count));
}
