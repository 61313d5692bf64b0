import { readFileSync } from 'node:fs';
import { Failure } from '../../base/failure.ts';
import {
  type DoneRecord,
  type HitRecord,
  type JournalHeader,
  type JournalRecord,
  parseHeader,
  parseRecord,
  versionOf,
} from './journal-records.ts';
import { PositionSet } from './position-set.ts';

/** What a journal says of one target. */
export interface TargetProgress {
  /** Sent, and the answer is known. */
  readonly done: PositionSet;
  /** Of those, the ones that are not wholly recorded, and their hits that are not; without any it is not known which. */
  readonly notRecorded: Map<number, readonly HitRecord[]>;
  /** Sent, and no answer is known: the server must be asked. */
  readonly unknown: readonly (readonly [number, number])[];
}

/** A journal as it was found. */
export interface JournalState {
  readonly header: JournalHeader;
  readonly targets: ReadonlyMap<string, TargetProgress>;
  readonly isFinished: boolean;
  /** When the last line was written. */
  readonly lastEpochMs: number;
  /** Of whole lines; what comes after was cut off while it was written. */
  readonly wholeBytes: number;
  readonly cutBytes: number;
}

const NEWLINE = 0x0a;

/**
 * Reads a journal. What follows its last whole line was cut off by a kill or a power cut, and is left out: of a line that
 * was not whole nothing had been sent yet, and an answer that is missing is asked for.
 *
 * @throws Failure FILE_UNREADABLE, FILE_INVALID
 */
export function readJournal(path: string): JournalState {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new Failure('FILE_UNREADABLE', `cannot read the journal ${path}`, {
      hint: 'Name the journal of the backfill that is to go on, or leave out --resume to begin one.',
      cause,
    });
  }
  const lines = wholeLines(bytes, path);
  const [first, ...others] = lines;
  const header = first === undefined ? undefined : parseHeader(first.text);
  if (first === undefined || header === undefined) throw noJournal(path, first?.text);
  const progress = new Map(header.targets.map(({ name }) => [name, new Progress()] as const));
  let isFinished = false;
  let lastEpochMs = header.startEpochMs;
  let wholeBytes = first.end;
  for (const [at, { text, end }] of others.entries()) {
    const record = parseRecord(text);
    if (record === undefined || !applies(record, progress)) {
      // A disk may have kept the end of the file's length and not what was in it.
      if (at === others.length - 1) break;
      throw new Failure('FILE_INVALID', `${path} is damaged: line ${at + 2} is none of a journal`, {
        hint: 'Bring back a copy of it: without that line nobody knows which visits were sent.',
      });
    }
    wholeBytes = end;
    lastEpochMs = Math.max(lastEpochMs, timeOf(record));
    isFinished = 'finished' in record;
  }
  return {
    header,
    targets: new Map([...progress].map(([name, of]) => [name, of.told()])),
    isFinished,
    lastEpochMs,
    wholeBytes,
    cutBytes: bytes.length - wholeBytes,
  };
}

class Progress {
  readonly #done = new PositionSet();
  readonly #notRecorded = new Map<number, HitRecord[]>();
  readonly #unknown = new Map<number, readonly [number, number]>();

  sent([from, to]: readonly [number, number]): void {
    this.#unknown.set(from, [from, to]);
  }

  answered({ done: [from, to], again = [], refused = [], partial = [], hits = [] }: DoneRecord): void {
    this.#unknown.delete(from);
    let next = from;
    for (const position of [...again].sort((one, other) => one - other)) {
      if (position > next) this.#done.add(next, position - 1);
      next = position + 1;
    }
    if (next <= to) this.#done.add(next, to);
    for (const position of [...refused, ...partial]) this.#notRecorded.set(position, []);
    for (const hit of hits) this.#notRecorded.get(hit[0])?.push(hit);
  }

  told(): TargetProgress {
    return { done: this.#done, notRecorded: this.#notRecorded, unknown: [...this.#unknown.values()] };
  }
}

/** @returns false where it tells of a target that is not in the header */
function applies(record: JournalRecord, progress: ReadonlyMap<string, Progress>): boolean {
  if (!('to' in record)) return true;
  const target = progress.get(record.to);
  if ('sent' in record) target?.sent(record.sent);
  else target?.answered(record);
  return target !== undefined;
}

function timeOf(record: JournalRecord): number {
  if ('at' in record) return record.at;
  return 'alive' in record ? record.alive : record.finished;
}

/** Lines that end with a line break, and where they end in the file. A journal may be longer than a text can be. */
function wholeLines(bytes: Buffer, path: string): { readonly text: string; readonly end: number }[] {
  const lines: { text: string; end: number }[] = [];
  for (let from = 0; ; ) {
    const at = bytes.indexOf(NEWLINE, from);
    if (at === -1) break;
    lines.push({ text: bytes.toString('utf8', from, at), end: at + 1 });
    from = at + 1;
  }
  if (lines.length === 0 && bytes.length > 0) throw noJournal(path, undefined);
  return lines;
}

function noJournal(path: string, firstLine: string | undefined): Failure {
  const version = firstLine === undefined ? undefined : versionOf(firstLine);
  return version === undefined
    ? new Failure('FILE_INVALID', `${path} is no journal of a backfill, or was cut off in its first line`, {
        hint: 'Nothing is sent before the first line is whole: delete the file and begin without --resume.',
      })
    : new Failure('FILE_INVALID', `${path} is a journal of trafficinator ${version}, which is another form`, {
        hint: `Go on with trafficinator ${version}.`,
      });
}
