import { Histogram } from './histogram.ts';

/** Latency and lateness of one target, over the whole run and over the current slice of its time series. */
export class TargetTimes {
  readonly latency = new Histogram();
  readonly lateness = new Histogram();
  sliceLatency = new Histogram();
  sliceLateness = new Histogram();
  /** In the slice: visits whose time came, and visits whose first hit was written. */
  sliceDue = 0;
  sliceBegun = 0;
  /** In the slice: visits ended of which something was tried, hits tried, and among them those rejected, failed or unknown. */
  sliceVisits = 0;
  sliceHits = 0;
  sliceFailed = 0;
  /** Visits whose first hit was written, and when the first and the latest of them were; NaN before. */
  begunVisits = 0;
  firstBegunMs = Number.NaN;
  lastBegunMs = Number.NaN;

  /** The time of a visit that the plan gives this target came, whoever gets it. */
  visitDue(): void {
    this.sliceDue++;
  }

  visitBegan(nowMs: number): void {
    this.sliceBegun++;
    if (this.begunVisits++ === 0) this.firstBegunMs = nowMs;
    this.lastBegunMs = nowMs;
  }

  late(latenessMs: number): void {
    this.lateness.record(latenessMs);
    this.sliceLateness.record(latenessMs);
  }

  /** By a yes or a no. */
  answered(latencyMs: number): void {
    this.latency.record(latencyMs);
    this.sliceLatency.record(latencyMs);
  }

  settled(isAccepted: boolean): void {
    this.sliceHits++;
    if (!isAccepted) this.sliceFailed++;
  }

  /** What came since the last slice, which begins anew. */
  takeSlice() {
    const slice = {
      due: this.sliceDue,
      begun: this.sliceBegun,
      visits: this.sliceVisits,
      hits: this.sliceHits,
      failed: this.sliceFailed,
      latency: this.sliceLatency,
      lateness: this.sliceLateness,
    };
    this.sliceLatency = new Histogram();
    this.sliceLateness = new Histogram();
    this.sliceDue = 0;
    this.sliceBegun = 0;
    this.sliceVisits = 0;
    this.sliceHits = 0;
    this.sliceFailed = 0;
    return slice;
  }
}
