import type { ChalkInstance } from 'chalk';
import type { HealthState } from '../run/report.ts';
import type { Snapshot, TargetSnapshot } from '../run/snapshot.ts';
import { counted, countOrDash, DASH, grouped, milliseconds, rate } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';
import { nameCell, oneLine } from './text-width.ts';

/** From here on a table has a head; a narrower terminal gets one line a target that says what each figure is. */
export const WIDE = 80;

const right = 'right' as const;
const wideColumns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 0, least: 6 },
  { title: 'visits/s', align: right, droppedAs: 0, least: 8 },
  { title: 'hits/s', align: right, droppedAs: 2, least: 8 },
  { title: 'in flight', align: right, droppedAs: 3 },
  { title: 'waiting', align: right, droppedAs: 4 },
  { title: 'p50', align: right, droppedAs: 6, least: 6 },
  { title: 'p95', align: right, droppedAs: 1, least: 6 },
  { title: 'p99', align: right, droppedAs: 5, least: 6 },
  { title: 'errors', align: right, droppedAs: 0 },
  { title: '', align: 'left', droppedAs: 0, cut: 16 },
];
const narrowColumns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 0 },
  { title: '', align: right, droppedAs: 0 },
  { title: '', align: right, droppedAs: 2 },
  { title: '', align: right, droppedAs: 3 },
  { title: '', align: right, droppedAs: 1 },
  { title: '', align: right, droppedAs: 0, least: 8 },
  { title: '', align: 'left', droppedAs: 0, cut: 0 },
];

/** The live table: a row a target, and a total where there are several. Its columns only ever grow. */
export class LiveTable {
  readonly #chalk: ChalkInstance;
  #widths: number[] = [];
  #narrowWidths: number[] = [];
  #someWaited = false;

  constructor(chalk: ChalkInstance) {
    this.#chalk = chalk;
  }

  /** @param room rows of the terminal for it */
  lines(snapshot: Snapshot, columns: number, room: number): string[] {
    const several = snapshot.targets.length > 1;
    // The head, the total, and what says that there are more.
    const most = Math.max(1, room - 3);
    const shown = snapshot.targets.length > most ? snapshot.targets.slice(0, most) : snapshot.targets;
    const left = snapshot.targets.length - shown.length;
    // What went wrong is told in the rows of those where it did.
    const total: TargetSnapshot = { ...snapshot.total, name: 'total', errors: [], health: 'up' };
    const rows = several ? [...shown, total] : shown;
    const lines = columns < WIDE ? this.#narrow(rows, columns) : this.#wide(rows, columns);
    if (left > 0) lines.splice(-1, 0, this.#chalk.dim(`… and ${counted(left, 'more target')}`));
    return lines;
  }

  #wide(targets: readonly TargetSnapshot[], width: number): string[] {
    // The column is there from the first visit on that had to wait.
    this.#someWaited ||= targets.some(target => target.waiting > 0);
    const rows = targets.map(
      (target): Row => [
        this.#name(target, width),
        rate(target.visitsPerSecond),
        rate(target.hitsPerSecond),
        countOrDash(target.inFlight),
        target.waiting === 0 ? DASH : this.#chalk.yellow(grouped(target.waiting)),
        milliseconds(target.p50Ms),
        milliseconds(target.p95Ms),
        milliseconds(target.p99Ms),
        this.#wrong(countOrDash(errorsOf(target)), errorsOf(target)),
        this.#kinds(target),
      ],
    );
    const kept = wideColumns
      .map((column, at) => ({ column, at }))
      .filter(({ column }) => column.title !== 'waiting' || this.#someWaited);
    this.#widths = columnWidths(wideColumns, rows, this.#widths);
    return tableLines(
      kept.map(({ column }) => column),
      rows.map(row => kept.map(({ at }) => row[at] ?? '')),
      kept.map(({ at }) => this.#widths[at] ?? 0),
      width,
      this.#chalk.dim,
    );
  }

  #narrow(targets: readonly TargetSnapshot[], width: number): string[] {
    const rows = targets.map((target): Row => {
      const errors = errorsOf(target);
      return [
        this.#name(target, width),
        `${rate(target.visitsPerSecond)} visits/s`,
        `${rate(target.hitsPerSecond)} hits/s`,
        `${grouped(target.inFlight)} in flight`,
        `p95 ${milliseconds(target.p95Ms).padStart(6)}`,
        this.#wrong(errors === 0 ? DASH : counted(errors, 'error'), errors),
        this.#kinds(target),
      ];
    });
    this.#narrowWidths = columnWidths(narrowColumns, rows, this.#narrowWidths);
    return tableLines(narrowColumns, rows, this.#narrowWidths, width, this.#chalk.dim);
  }

  #name(target: TargetSnapshot, width: number): string {
    const name = nameCell(target.name, width);
    return isLost(target.health) ? this.#chalk.red(name) : name;
  }

  /** `down · ECONNREFUSED × 1,204, TIMEOUT × 2` */
  #kinds({ health, errors }: TargetSnapshot): string {
    const kinds = errors.map(({ code, count }) => `${oneLine(code)} × ${grouped(count)}`).join(', ');
    const state = health === 'up' ? '' : (isLost(health) ? this.#chalk.red : this.#chalk.yellow)(health);
    return [state, this.#chalk.red(kinds)].filter(part => part !== '').join(' · ');
  }

  #wrong(text: string, count: number): string {
    return count === 0 ? text : this.#chalk.red(text);
  }
}

/** Hits that were sent and not accepted. */
export function errorsOf({ hits }: TargetSnapshot): number {
  return hits.rejected + hits.failed + hits.unknown;
}

function isLost(health: HealthState): boolean {
  return health === 'down' || health === 'refused';
}
