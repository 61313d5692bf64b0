import { closeSync, fsyncSync, openSync, renameSync, rmSync, write, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../base/failure.ts';
import type { ExceptionSink } from '../run/exception-sink.ts';
import type { Output } from '../run/output.ts';
import type { HitException } from '../run/report.ts';
import { isSpecial, temporaryBeside, whyUnwritable } from './write-atomically.ts';

/** Lines go out in pieces of so many characters. */
const PIECE = 64 * 1024;
/** What a slow disk may hold up; beyond, the run waits for it rather than to hold ever more. */
const MOST_HELD = 8 * 1024 * 1024;

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
  #descriptor: number | undefined;
  /** Lines that were not handed over yet. */
  #held = '';
  /** The piece that is being written. */
  #underWay: Promise<void> | undefined;
  #error: unknown;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = temporaryBeside(path);
  }

  add(target: string, exception: HitException): void {
    if (this.#error !== undefined) return;
    this.#held += `${JSON.stringify({ target, ...exception })}\n`;
    if (this.#held.length < PIECE) return;
    if (this.#underWay === undefined) this.#write();
    else if (this.#held.length >= MOST_HELD) this.#writeNow();
  }

  async close(): Promise<string | null> {
    // The end of one piece begins the next.
    while (this.#underWay !== undefined) await this.#underWay;
    if (this.#held !== '') this.#writeNow();
    if (this.#descriptor === undefined) return null;
    try {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
      if (this.#error === undefined) renameSync(this.#temporary, this.#path);
    } catch (error) {
      this.#error ??= error;
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

  #write(): void {
    const bytes = this.#takeHeld();
    const descriptor = this.#open();
    if (descriptor === undefined) return;
    this.#underWay = new Promise(resolve => {
      write(descriptor, bytes, (error, written) => {
        this.#underWay = undefined;
        if (error !== null) this.#error ??= error;
        else if (written < bytes.length) this.#error ??= cutShort();
        else if (this.#held.length >= PIECE) this.#write();
        resolve();
      });
    });
  }

  #writeNow(): void {
    const bytes = this.#takeHeld();
    try {
      const descriptor = this.#open();
      if (descriptor !== undefined && writeSync(descriptor, bytes) < bytes.length) this.#error ??= cutShort();
    } catch (error) {
      this.#error ??= error;
    }
  }

  #takeHeld(): Buffer {
    const bytes = Buffer.from(this.#held);
    this.#held = '';
    return bytes;
  }

  /** Appends, so that pieces which are written at once are whole, one after the other. */
  #open(): number | undefined {
    if (this.#error !== undefined) return undefined;
    try {
      this.#descriptor ??= openSync(this.#temporary, 'ax');
    } catch (error) {
      this.#error = error;
    }
    return this.#descriptor;
  }
}

/** A disk that is full takes a part. */
function cutShort(): Error {
  return Object.assign(new Error('only a part could be written'), { code: 'ENOSPC' });
}
