import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Failure } from '../base/failure.ts';
import type { FailedLogins, FailedLoginsRecord } from './authentication.ts';
import type { Visit } from './visit.ts';
import type { VisitLog } from './visit-log.ts';

const saveEveryMs = 1000;

/** A line of the file: a visit as it was when the line was written, or the failed logins. */
type Line = { visit: Visit } | { failedLogins: FailedLoginsRecord };

/**
 * Keeps what a collector holds in a file of JSON lines. Once a second the visits that changed are added, so that
 * its cost follows the traffic and not what is held; later lines of a visit replace earlier ones, and a last line
 * that a kill cut off is passed over. Opening and closing write the file anew, beside it and renamed into place.
 */
export class StateFile {
  readonly #path: string;
  readonly #log: VisitLog;
  readonly #failures: FailedLogins;
  readonly #timer: NodeJS.Timeout;
  #savedFailures = 0;

  /** @throws Failure FILE_INVALID, FILE_UNREADABLE, FILE_UNWRITABLE */
  constructor(path: string, log: VisitLog, failures: FailedLogins) {
    this.#path = path;
    this.#log = log;
    this.#failures = failures;
    this.#load();
    this.rewrite();
    this.#timer = setInterval(() => this.#append(), saveEveryMs);
    this.#timer.unref();
  }

  /** Writes all that is held, once. */
  rewrite(): void {
    this.#log.takeChanged();
    this.#savedFailures = this.#failures.total;
    const beside = `${this.#path}.new`;
    try {
      writeFileSync(beside, this.#lines(this.#log.visits));
      renameSync(beside, this.#path);
    } catch (cause) {
      throw new Failure('FILE_UNWRITABLE', `cannot write the state file ${this.#path}`, { cause });
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.rewrite();
  }

  #append(): void {
    const changed = this.#log.takeChanged();
    if (changed.length === 0 && this.#savedFailures === this.#failures.total) return;
    this.#savedFailures = this.#failures.total;
    appendFileSync(this.#path, this.#lines(changed));
  }

  #lines(visits: readonly Visit[]): string {
    const lines = visits.map(visit => JSON.stringify({ visit } satisfies Line));
    lines.push(JSON.stringify({ failedLogins: this.#failures.toJSON() } satisfies Line));
    return `${lines.join('\n')}\n`;
  }

  #load(): void {
    if (!existsSync(this.#path)) return;
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (cause) {
      throw new Failure('FILE_UNREADABLE', `cannot read the state file ${this.#path}`, { cause });
    }
    const visits = new Map<number, Visit>();
    const lines = text.split('\n');
    // What follows the last line break was cut off while it was written.
    lines.pop();
    lines.forEach((line, at) => {
      const read = this.#lineOf(line, at + 1);
      if ('visit' in read) visits.set(read.visit.id, read.visit);
      else this.#failures.restore(read.failedLogins);
    });
    for (const [, visit] of [...visits].sort(([one], [other]) => one - other)) this.#log.add(visit);
  }

  /** The collector's own lines need no closer look: a file of something else fails at its first line. */
  #lineOf(text: string, number: number): Line {
    try {
      const line: Line = JSON.parse(text);
      if (('visit' in line && Array.isArray(line.visit.actions)) || 'failedLogins' in line) return line;
    } catch {
      // Told below, with the line's number.
    }
    throw new Failure(
      'FILE_INVALID',
      `${this.#path} is no state of a collector: line ${number} is not one of its lines`,
      {
        hint: 'Name another file, or delete this one to begin with an empty collector.',
      },
    );
  }
}
