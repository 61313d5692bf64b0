import type { ChalkInstance } from 'chalk';
import type { Output } from '../run/output.ts';
import type { Snapshot } from '../run/snapshot.ts';
import { errorsOf } from './live-table.ts';
import { type NoticeLevel, noticeLine } from './notice-line.ts';
import { clockTime, counted, grouped, milliseconds, percent, rate } from './number-format.ts';
import type { TextStream } from './text-stream.ts';
import { oneLine } from './text-width.ts';

const FIRST_AFTER_MS = 3_000;
const EVERY_MS = 10_000;
/** A line stays a line; the report has them all. */
const KINDS = 3;

/** Progress where nothing can be redrawn: a plain line soon after the start, one every 10 s, and one a change of phase. */
export class ProgressLines implements Output {
  readonly #stream: TextStream;
  readonly #chalk: ChalkInstance;
  #latest: Snapshot | undefined;
  #nextMs = FIRST_AFTER_MS;

  constructor(options: { stream: TextStream; chalk: ChalkInstance }) {
    this.#stream = options.stream;
    this.#chalk = options.chalk;
  }

  tick(snapshot: Snapshot): void {
    const { phase, elapsedMs } = snapshot;
    const told = this.#latest?.phase;
    this.#latest = snapshot;
    if (phase === 'preparing' || phase === 'ended') return;
    const turned = told !== undefined && told !== phase && phase !== 'running';
    if (elapsedMs < this.#nextMs && !turned) return;
    if (elapsedMs >= this.#nextMs) this.#nextMs = Math.floor(elapsedMs / EVERY_MS) * EVERY_MS + EVERY_MS;
    this.#stream.write(`${progressLine(snapshot)}\n`);
  }

  notice(level: NoticeLevel, message: string): void {
    const { columns } = this.#stream;
    this.#stream.write(`${noticeLine(level, message, this.#latest?.elapsedMs, this.#chalk, columns)}\n`);
  }
}

/** `0:30  1,234 of 2,000 visits (62 %)  41.2 visits/s  201.0 hits/s  12 in flight  p95 31 ms  3 errors (HTTP_429 × 3)` */
export function progressLine(snapshot: Snapshot): string {
  const { total, phase } = snapshot;
  const errors = errorsOf(total);
  const parts = [
    clockTime(snapshot.elapsedMs),
    visits(snapshot),
    day(snapshot),
    `${rate(total.visitsPerSecond)} visits/s`,
    `${rate(total.hitsPerSecond)} hits/s`,
    `${grouped(total.inFlight)} in flight`,
    atOnce(snapshot),
    total.waiting > 0 ? `${grouped(total.waiting)} waiting` : '',
    total.p95Ms === null ? '' : `p95 ${milliseconds(total.p95Ms)}`,
    errors === 0 ? '' : `${counted(errors, 'error')}${kinds(snapshot)}`,
    left(snapshot),
    phase === 'running' ? '' : phase,
    phase === 'draining' ? `up to ${Math.ceil((snapshot.drainLeftMs ?? 0) / 1000)} s` : '',
  ];
  return parts.filter(part => part !== '').join('  ');
}

function visits({ endedVisits, plannedVisits, fraction }: Snapshot): string {
  const share = fraction === null ? '' : ` (${percent(fraction)})`;
  return plannedVisits === null
    ? `${counted(endedVisits, 'visit')}${share}`
    : `${grouped(endedVisits)} of ${counted(plannedVisits, 'visit')}${share}`;
}

/** Of a backfill: `2026-01-03, day 3 of 30`. */
function day({ backfill }: Snapshot): string {
  if (backfill === undefined) return '';
  return `${backfill.day}, day ${grouped(backfill.dayNumber)} of ${grouped(backfill.days)}`;
}

function atOnce({ backfill }: Snapshot): string {
  return backfill === undefined ? '' : `up to ${counted(backfill.concurrency, 'request')}`;
}

/** A run has its end from the beginning; that of a backfill is up to the server. */
function left({ backfill, leftMs, phase }: Snapshot): string {
  return backfill === undefined || leftMs === null || phase !== 'running' ? '' : `${clockTime(leftMs)} left`;
}

function kinds({ total }: Snapshot): string {
  if (total.errors.length === 0) return '';
  const named = total.errors.slice(0, KINDS).map(({ code, count }) => `${oneLine(code)} × ${grouped(count)}`);
  const left = total.errors.length - named.length;
  return ` (${[...named, ...(left > 0 ? [counted(left, 'more kind')] : [])].join(', ')})`;
}
