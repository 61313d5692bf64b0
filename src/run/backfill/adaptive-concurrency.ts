/** Shortest time over which a rate is measured. */
const WINDOW_MS = 250;
/** A rate has grown where it is so much higher; less is noise. */
const GROWTH = 1.05;
/** Answers that take so many times as long as the quickest were waiting for others, not for work. */
const SLOW = 2;

/**
 * How many requests are under way at once: as many as make the server faster, and no more. It is doubled while that
 * makes more of the hits come through in the same time, then raised by one now and then; where answers become slow and
 * nothing is won it is lowered by a tenth, and halved at once where the server is in trouble. Pure: times come from the
 * caller.
 */
export class AdaptiveConcurrency {
  readonly most: number;
  #value: number;
  #isDoubling = true;
  #bestRate = 0;
  #quickestMs = Number.POSITIVE_INFINITY;
  #beganMs = Number.NaN;
  #answers = 0;
  #hits = 0;
  #latencyMs = 0;
  /** Whether all places were taken at some time: else nothing can be said of more of them. */
  #wasFull = false;
  #hadTrouble = false;

  constructor(most: number) {
    this.most = most;
    this.#value = Math.min(2, most);
  }

  get value(): number {
    return this.#value;
  }

  /** All places are taken, and there is more to send. */
  full(): void {
    this.#wasFull = true;
  }

  /** An answer came. @param latencyMs from the request to it */
  answered(hits: number, latencyMs: number, nowMs: number): void {
    if (Number.isNaN(this.#beganMs)) this.#beganMs = nowMs - latencyMs;
    this.#answers++;
    this.#hits += hits;
    this.#latencyMs += latencyMs;
    if (nowMs - this.#beganMs >= WINDOW_MS && this.#answers >= this.#value) this.#endWindow(nowMs);
  }

  /** A request was lost, rolled back, or the server asked to be left alone. What comes of one trouble counts once. */
  trouble(nowMs: number): void {
    if (this.#hadTrouble) return;
    this.#value = Math.max(1, Math.floor(this.#value / 2));
    this.#isDoubling = false;
    this.#bestRate = 0;
    this.#begin(nowMs);
    this.#hadTrouble = true;
  }

  #endWindow(nowMs: number): void {
    const rate = this.#hits / (nowMs - this.#beganMs);
    const meanMs = this.#latencyMs / this.#answers;
    this.#quickestMs = Math.min(this.#quickestMs, meanMs);
    const hasGrown = rate > this.#bestRate * GROWTH;
    if (this.#wasFull && !this.#hadTrouble) this.#adapt(hasGrown, meanMs > this.#quickestMs * SLOW);
    // What was best long ago, when the server did nothing else, is forgotten bit by bit.
    this.#bestRate = Math.max(rate, this.#bestRate * 0.98);
    this.#begin(nowMs);
  }

  #adapt(hasGrown: boolean, isSlow: boolean): void {
    if (hasGrown) this.#value = Math.min(this.most, this.#isDoubling ? this.#value * 2 : this.#value + 1);
    else {
      this.#isDoubling = false;
      if (isSlow) this.#value = Math.max(1, Math.floor(this.#value * 0.9));
      else this.#value = Math.min(this.most, this.#value + 1);
    }
  }

  #begin(nowMs: number): void {
    this.#beganMs = nowMs;
    this.#answers = 0;
    this.#hits = 0;
    this.#latencyMs = 0;
    this.#wasFull = false;
    this.#hadTrouble = false;
  }
}
