import { renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../base/failure.ts';
import type { ExceptionSink } from '../run/exception-sink.ts';
import type { Output } from '../run/output.ts';
import type { HitException } from '../run/report.ts';
import { LineFile } from './line-file.ts';
import { isSpecial, temporaryBeside, whyUnwritable } from './write-atomically.ts';

/** `run.json` → `run.exceptions.ndjson` */
export function exceptionsPath(reportPath: string): string {
  return `${reportPath.replace(/\.json$/i, '')}.exceptions.ndjson`;
}

/** The file beside a report; undefined where the report goes to something that is no file, such as `/dev/stdout`. */
export async function exceptionsFileBeside(reportPath: string): Promise<ExceptionsFile | undefined> {
  return (await isSpecial(reportPath)) ? undefined : new ExceptionsFile(exceptionsPath(reportPath));
}

/**
 * The exceptions that a report has no room for, one JSON line each. The file is made when the first of them comes, and
 * has its name when all are in it.
 */
export class ExceptionsFile implements ExceptionSink, Output {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: LineFile;
  #error: unknown;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = temporaryBeside(path);
    this.#file = new LineFile(this.#temporary, 'ax');
  }

  add(target: string, exception: HitException): void {
    this.#file.add(`${JSON.stringify({ target, ...exception })}\n`);
  }

  async close(): Promise<string | null> {
    await this.#file.end();
    this.#error = this.#file.error;
    if (!this.#file.isOpen) return null;
    try {
      if (this.#error === undefined) renameSync(this.#temporary, this.#path);
    } catch (error) {
      this.#error = error;
    }
    if (this.#error === undefined) return basename(this.#path);
    rmSync(this.#temporary, { force: true });
    return null;
  }

  /** @throws Failure REPORT_NOT_WRITTEN where there were exceptions and they are not in the file */
  finish(): void {
    if (this.#error === undefined) return;
    throw new Failure(
      'REPORT_NOT_WRITTEN',
      `cannot write the exceptions beyond those in the report to ${this.#path}: ${whyUnwritable(this.#error, this.#path)}`,
      { hint: 'The report tells how many there were.', cause: this.#error },
    );
  }
}
