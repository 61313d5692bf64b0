import type { HitRecord, HitSink } from '../hit-log.ts';

/** Hits that go to the run together. */
const TOGETHER = 500;
/** Hits on their way to the log: beyond, this thread waits, as it would for the disk itself. */
const MOST_UNDER_WAY = 20_000;

/** Hands the hits of a thread to the run's log, in batches, and no faster than that takes them. */
export class HitBatches implements HitSink {
  readonly #send: (records: readonly HitRecord[]) => void;
  readonly #logged: Int32Array;
  #records: HitRecord[] = [];
  /** Counts as `logged` does, modulo 2^32. */
  #sent = 0;

  /** @param logged how many of them the log has got */
  constructor(send: (records: readonly HitRecord[]) => void, logged: SharedArrayBuffer) {
    this.#send = send;
    this.#logged = new Int32Array(logged);
  }

  add(record: HitRecord): void {
    this.#records.push(record);
    if (this.#records.length >= TOGETHER) this.flush();
  }

  flush(): void {
    if (this.#records.length === 0) return;
    const records = this.#records;
    this.#records = [];
    this.#sent = (this.#sent + records.length) | 0;
    this.#send(records);
    for (;;) {
      const logged = Atomics.load(this.#logged, 0);
      if (((this.#sent - logged) | 0) <= MOST_UNDER_WAY) return;
      Atomics.wait(this.#logged, 0, logged);
    }
  }
}

/** The log has got more of a thread's hits. */
export function noteLogged(logged: SharedArrayBuffer, hits: number): void {
  const count = new Int32Array(logged);
  Atomics.add(count, 0, hits);
  Atomics.notify(count, 0);
}
