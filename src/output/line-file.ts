import { closeSync, fsyncSync, openSync, write, writeSync } from 'node:fs';

/** Lines go out in pieces of so many characters. */
const PIECE = 64 * 1024;
/** What a slow disk may hold up; beyond, the run waits for it rather than to hold ever more. */
const MOST_HELD = 8 * 1024 * 1024;

/** A file that grows by lines while a run goes on, in bounded memory. It never throws: what went wrong is kept. */
export class LineFile {
  readonly #path: string;
  readonly #flags: 'w' | 'ax';
  #descriptor: number | undefined;
  /** Lines that were not handed over yet. */
  #held = '';
  /** The piece that is being written. */
  #underWay: Promise<void> | undefined;
  #error: unknown;
  readonly #broken: (error: unknown) => void;

  /**
   * @param flags `w`: what was in it is gone; `ax`: it must be new
   * @param broken called once, as soon as it is known that not all will be in it
   */
  constructor(path: string, flags: 'w' | 'ax', broken: (error: unknown) => void = () => {}) {
    this.#path = path;
    this.#flags = flags;
    this.#broken = broken;
  }

  /** Why not all is in it; undefined: all is. */
  get error(): unknown {
    return this.#error;
  }

  get isOpen(): boolean {
    return this.#descriptor !== undefined;
  }

  /** Makes it, also where no line comes. Otherwise the first piece does. */
  open(): void {
    this.#open();
  }

  /** @param text with its line end */
  add(text: string): void {
    if (this.#error !== undefined) return;
    this.#held += text;
    if (this.#held.length < PIECE) return;
    if (this.#underWay === undefined) this.#write();
    else if (this.#held.length >= MOST_HELD) this.#writeNow();
  }

  /** All has been added. Never rejects. */
  async end(): Promise<void> {
    // The end of one piece begins the next.
    while (this.#underWay !== undefined) await this.#underWay;
    if (this.#held !== '') this.#writeNow();
    if (this.#descriptor === undefined) return;
    try {
      fsyncSync(this.#descriptor);
    } catch (error) {
      // What is no file, such as a pipe, cannot be waited for.
      if (!(error instanceof Error && 'code' in error && error.code === 'EINVAL')) this.#break(error);
    }
    try {
      closeSync(this.#descriptor);
    } catch (error) {
      this.#break(error);
    }
  }

  #write(): void {
    const bytes = this.#takeHeld();
    const descriptor = this.#open();
    if (descriptor === undefined) return;
    this.#underWay = new Promise(resolve => {
      write(descriptor, bytes, (error, written) => {
        this.#underWay = undefined;
        if (error !== null) this.#break(error);
        else if (written < bytes.length) this.#break(cutShort());
        else if (this.#held.length >= PIECE) this.#write();
        resolve();
      });
    });
  }

  #writeNow(): void {
    const bytes = this.#takeHeld();
    try {
      const descriptor = this.#open();
      if (descriptor !== undefined && writeSync(descriptor, bytes) < bytes.length) this.#break(cutShort());
    } catch (error) {
      this.#break(error);
    }
  }

  #break(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#broken(error);
  }

  #takeHeld(): Buffer {
    const bytes = Buffer.from(this.#held);
    this.#held = '';
    return bytes;
  }

  #open(): number | undefined {
    if (this.#error !== undefined) return undefined;
    try {
      this.#descriptor ??= openSync(this.#path, this.#flags);
    } catch (error) {
      this.#break(error);
    }
    return this.#descriptor;
  }
}

/** A disk that is full takes a part. */
function cutShort(): Error {
  return Object.assign(new Error('only a part could be written'), { code: 'ENOSPC' });
}
