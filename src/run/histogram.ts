import type { Distribution } from './report.ts';

/** Each doubling of a value is cut into this many steps: percentiles are right within 1 / 64. */
const STEPS = 64;
const STEP_BITS = 6;
/** Values are kept in whole microseconds up to 2^31, which is 35 minutes; longer ones count as that. */
const LARGEST_US = 2 ** 31 - 1;
const BUCKETS = (31 - STEP_BITS + 1) * STEPS;

const serialised = /^v1 \d+(\.\d+)? \d+(\.\d+)?( \d+:\d+)*$/;

/**
 * Counts of a time in ms, in buckets that grow with the value (log-linear, as HdrHistogram's). Recording is a few
 * integer operations; two histograms add up without loss. Node's own cannot be taken apart to be saved or
 * merged over processes, and the HDR ports for JavaScript cost more a record than the request they measure saves.
 */
export class Histogram {
  count = 0;
  #sumMs = 0;
  #maxMs = 0;
  readonly #counts = new Uint32Array(BUCKETS);

  /** Runs once a hit. A negative time, which a clock can give, counts as 0. */
  record(ms: number): void {
    const us = ms > 0 ? Math.min(ms * 1000, LARGEST_US) | 0 : 0;
    const at = bucketOf(us);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.count++;
    if (ms > 0) this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  add(other: Histogram): void {
    for (let at = 0; at < BUCKETS; at++)
      this.#counts[at] = (this.#counts[at] as number) + (other.#counts[at] as number);
    this.count += other.count;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  static sum(histograms: readonly Histogram[]): Histogram {
    const sum = new Histogram();
    for (const histogram of histograms) sum.add(histogram);
    return sum;
  }

  /** Of all that was recorded. */
  get sumMs(): number {
    return this.#sumMs;
  }

  /**
   * How many of those recorded do not exceed each bound. A bound that cuts a bucket gets all of it or nothing, and so is
   * itself right within 1 / 64.
   *
   * @param boundsMs ascending
   */
  countsUpTo(boundsMs: readonly number[]): number[] {
    let at = 0;
    let passed = 0;
    return boundsMs.map(boundMs => {
      for (; at < BUCKETS && middleOf(at) <= boundMs * 1000; at++) passed += this.#counts[at] as number;
      return passed;
    });
  }

  /** The value, in ms, that `share` (0–1) of those recorded do not exceed; null without data. */
  percentile(share: number): number | null {
    if (this.count === 0) return null;
    const rank = Math.max(1, Math.ceil(this.count * share));
    let passed = 0;
    for (let at = 0; at < BUCKETS; at++) {
      passed += this.#counts[at] as number;
      if (passed >= rank) return Math.min(middleOf(at) / 1000, this.#maxMs);
    }
    return this.#maxMs;
  }

  /** What holds something, by growing time: the middle of the bucket in ms, and how many. */
  buckets(): readonly { readonly ms: number; readonly count: number }[] {
    const filled: { ms: number; count: number }[] = [];
    for (let at = 0; at < BUCKETS; at++) {
      const count = this.#counts[at] as number;
      if (count > 0) filled.push({ ms: middleOf(at) / 1000, count });
    }
    return filled;
  }

  /** null without data. */
  get meanMs(): number | null {
    return this.count === 0 ? null : this.#sumMs / this.count;
  }

  /** null without data. */
  get maxMs(): number | null {
    return this.count === 0 ? null : this.#maxMs;
  }

  /** null without data. */
  distribution(): Distribution | null {
    if (this.count === 0) return null;
    const at = (share: number) => round(this.percentile(share) ?? 0);
    return {
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      max: round(this.#maxMs),
      mean: round(this.#sumMs / this.count),
      histogram: this.serialise(),
    };
  }

  /** `v1 sum max index:count …`: only buckets that hold something, sum and max in ms. */
  serialise(): string {
    const filled: string[] = [];
    for (let at = 0; at < BUCKETS; at++) {
      const count = this.#counts[at] as number;
      if (count > 0) filled.push(`${at}:${count}`);
    }
    return ['v1', round(this.#sumMs), round(this.#maxMs), ...filled].join(' ');
  }

  /** @throws RangeError for a text that `serialise` did not make */
  static parse(text: string): Histogram {
    if (!serialised.test(text)) throw new RangeError('not a histogram of version 1');
    const [, sum, max, ...filled] = text.split(' ');
    const histogram = new Histogram();
    histogram.#sumMs = Number(sum);
    histogram.#maxMs = Number(max);
    let before = -1;
    for (const entry of filled) {
      const [at = -1, count = 0] = entry.split(':').map(Number);
      if (!(at > before && at < BUCKETS && count > 0)) throw new RangeError(`not a histogram: ${entry}`);
      histogram.#counts[at] = count;
      histogram.count += count;
      before = at;
    }
    return histogram;
  }
}

/** 0 to 127 µs have a bucket each; above, the leading bit and the six after it choose. */
function bucketOf(us: number): number {
  if (us < 2 * STEPS) return us;
  const shift = 31 - Math.clz32(us) - STEP_BITS;
  return shift * STEPS + (us >>> shift);
}

function middleOf(bucket: number): number {
  if (bucket < 2 * STEPS) return bucket;
  const shift = Math.floor(bucket / STEPS) - 1;
  const low = (bucket - shift * STEPS) * 2 ** shift;
  return low + 2 ** shift / 2;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
