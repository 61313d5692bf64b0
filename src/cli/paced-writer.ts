import type { TextStream } from './context.ts';

/** Writes no faster than is read, so that what is long is not held in memory. */
export class PacedWriter {
  #isClosed = false;
  #goOn: (() => void) | undefined;
  readonly #stream: TextStream;

  constructor(stream: TextStream) {
    this.#stream = stream;
    // Node's stdout says so in no other way: it is not `destroyed` then, nor `closed`.
    stream.once?.('close', () => {
      this.#isClosed = true;
      this.#goOn?.();
    });
  }

  /** Nobody reads on, as after `| head`. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  async write(text: string): Promise<void> {
    if (this.#stream.write(text) !== false || this.#stream.once === undefined || this.#isClosed) return;
    await new Promise<void>(resolve => {
      this.#goOn = resolve;
      this.#stream.once?.('drain', resolve);
    });
  }
}
