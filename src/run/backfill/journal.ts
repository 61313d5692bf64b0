import { writeSync } from 'node:fs';
import { type FileHandle, open, rename, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../base/failure.ts';
import type { JournalHeader, JournalRecord } from './journal-records.ts';

/**
 * The file that makes a backfill exact over any break: a line of JSON for each group of visits before it is sent, and one
 * for its answer. `write` settles when its line is on the disk; lines that come while others are being brought there go
 * together, so that many requests under way cost one `fsync`.
 */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #next: Promise<void> | undefined;
  #previous: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** With its first line or not at all, whenever it is broken off. @throws Failure FILE_UNWRITABLE */
  static async create(path: string, header: JournalHeader): Promise<Journal> {
    const journal = await Journal.#open(`${path}.new`, 'w');
    await journal.#append(`${JSON.stringify(header)}\n`);
    await rename(`${path}.new`, path);
    // Else a power cut could take the file with it, and not what was sent since.
    const folder = await open(dirname(path), 'r').catch(() => undefined);
    await folder?.sync().catch(() => {});
    await folder?.close();
    return journal;
  }

  /** Goes on after so many bytes; what follows is taken off. */
  static async goOn(path: string, wholeBytes: number): Promise<Journal> {
    await truncate(path, wholeBytes);
    return Journal.#open(path, 'a');
  }

  static async #open(path: string, flags: string): Promise<Journal> {
    try {
      return new Journal(path, await open(path, flags, 0o644));
    } catch (cause) {
      throw new Failure('FILE_UNWRITABLE', `cannot write the journal ${path}`, {
        hint: 'Without it nothing is sent, because no break could be gone on from.',
        cause,
      });
    }
  }

  /** Settles when the line is on the disk. @throws Failure FILE_UNWRITABLE, then and ever after */
  write(record: JournalRecord): Promise<void> {
    this.#waiting.push(`${JSON.stringify(record)}\n`);
    this.#next ??= this.#previous.then(() => {
      this.#previous = this.#next ?? this.#previous;
      this.#next = undefined;
      return this.#append(this.#waiting.splice(0).join(''));
    });
    return this.#next;
  }

  /** At once and without waiting for the disk: what a kill of the process cannot undo. */
  note(record: JournalRecord): void {
    writeSync(this.#file.fd, `${JSON.stringify(record)}\n`);
  }

  /** When all lines are on the disk. */
  async close(): Promise<void> {
    try {
      await (this.#next ?? this.#previous);
    } finally {
      await this.#file.close();
    }
  }

  async #append(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (cause) {
      throw new Failure('FILE_UNWRITABLE', `cannot write the journal ${this.#path}`, {
        hint: 'Nothing more was sent. Make room for it, and go on with --resume.',
        cause,
      });
    }
  }
}
