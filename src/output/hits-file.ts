import { Failure } from '../base/failure.ts';
import type { HitRecord, HitSink } from '../run/hit-log.ts';
import type { Output } from '../run/output.ts';
import { LineFile } from './line-file.ts';
import { whyUnwritable } from './write-atomically.ts';

/**
 * `--hits FILE`: every hit, one JSON line each, as it ends. The file has its name from the beginning, so that it can be
 * followed, and what is in it outlives a run that is killed.
 */
export class HitsFile implements HitSink, Output {
  readonly #path: string;
  readonly #file: LineFile;
  #hasEnded = false;
  #tell: (message: string) => void = () => {};

  constructor(path: string) {
    this.#path = path;
    this.#file = new LineFile(path, 'w', error =>
      this.#tell(`${this.#whyNotAll(error)}; the run goes on without it`),
    );
  }

  /** The file's path once all is in it. */
  get written(): string | undefined {
    return this.#hasEnded && this.#file.error === undefined ? this.#path : undefined;
  }

  start(): void {
    this.#file.open();
  }

  whenBroken(tell: (message: string) => void): void {
    this.#tell = tell;
  }

  add(record: HitRecord): void {
    this.#file.add(`${JSON.stringify(record)}\n`);
  }

  /** @throws Failure REPORT_NOT_WRITTEN where not all hits are in it */
  async finish(): Promise<void> {
    // From here on it is told by what is thrown.
    this.#tell = () => {};
    await this.#file.end();
    this.#hasEnded = true;
    const { error } = this.#file;
    if (error === undefined) return;
    throw new Failure('REPORT_NOT_WRITTEN', this.#whyNotAll(error), {
      hint: 'The report has the account of them.',
      cause: error,
    });
  }

  #whyNotAll(error: unknown): string {
    return `cannot write all hits to ${this.#path}: ${whyUnwritable(error, this.#path)}`;
  }
}
