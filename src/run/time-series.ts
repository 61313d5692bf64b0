import { Histogram } from './histogram.ts';
import type { SeriesPoint } from './report.ts';

/** A slice of a run over all targets. */
export interface Slice {
  readonly endSeconds: number;
  readonly seconds: number;
  readonly due: number;
  readonly begun: number;
  readonly visits: number;
  readonly hits: number;
  readonly failed: number;
  readonly latency: Histogram;
  readonly lateness: Histogram;
  readonly inFlight: number;
}

/** Slices kept: a longer run has longer ones. */
const MOST_SLICES = 600;

/**
 * A run over time, in bounded memory: when there are too many slices each two become one. Percentiles stay right,
 * because the slices' histograms are added and not their percentiles.
 */
export class TimeSeries {
  #slices: Slice[] = [];
  #gathered: Slice | undefined;
  #perSlice = 1;
  #inGathered = 0;

  add(slice: Slice): void {
    this.#gathered = this.#gathered === undefined ? slice : joined(this.#gathered, slice);
    if (++this.#inGathered < this.#perSlice) return;
    this.#slices.push(this.#gathered);
    this.#gathered = undefined;
    this.#inGathered = 0;
    if (this.#slices.length < MOST_SLICES) return;
    this.#perSlice *= 2;
    this.#slices = this.#slices.flatMap((first, at) => {
      const second = this.#slices[at + 1];
      if (at % 2 === 1) return [];
      return second === undefined ? [first] : [joined(first, second)];
    });
  }

  points(): SeriesPoint[] {
    const slices = this.#gathered === undefined ? this.#slices : [...this.#slices, this.#gathered];
    return slices.map(slice => ({
      at: round(slice.endSeconds),
      seconds: round(slice.seconds),
      due: slice.due,
      begun: slice.begun,
      visits: slice.visits,
      hits: slice.hits,
      failed: slice.failed,
      p50: roundOrNull(slice.latency.percentile(0.5)),
      p95: roundOrNull(slice.latency.percentile(0.95)),
      p99: roundOrNull(slice.latency.percentile(0.99)),
      latenessP99: roundOrNull(slice.lateness.percentile(0.99)),
      inFlight: slice.inFlight,
    }));
  }
}

function joined(first: Slice, second: Slice): Slice {
  return {
    endSeconds: second.endSeconds,
    seconds: first.seconds + second.seconds,
    due: first.due + second.due,
    begun: first.begun + second.begun,
    visits: first.visits + second.visits,
    hits: first.hits + second.hits,
    failed: first.failed + second.failed,
    latency: Histogram.sum([first.latency, second.latency]),
    lateness: Histogram.sum([first.lateness, second.lateness]),
    inFlight: second.inFlight,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}
