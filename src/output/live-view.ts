import type { ChalkInstance } from 'chalk';
import type { Output } from '../run/output.ts';
import type { RunInfo, Snapshot } from '../run/snapshot.ts';
import { barLines, dayLines, statusLines, titleLine } from './live-frame.ts';
import { LiveRegion } from './live-region.ts';
import { LiveTable } from './live-table.ts';
import { type NoticeLevel, noticeLine } from './notice-line.ts';
import type { TextStream } from './text-stream.ts';

/** More often than this nobody reads it, and less often it stutters. */
const REDRAW_MS = 100;

/**
 * The view of a run on a terminal, redrawn in place: title, progress, a table of the targets, and how the generator
 * itself does. It hides the cursor, so `close` must be called where `finish` is not: when a run throws.
 */
export class LiveView implements Output {
  readonly #region: LiveRegion;
  readonly #table: LiveTable;
  readonly #chalk: ChalkInstance;
  readonly #command: string;
  readonly #now: () => number;
  #info: RunInfo | undefined;
  #latest: Snapshot | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** @param now ms of a clock that never goes back */
  constructor(options: { stream: TextStream; chalk: ChalkInstance; command?: string; now?: () => number }) {
    this.#region = new LiveRegion(options.stream);
    this.#chalk = options.chalk;
    this.#table = new LiveTable(options.chalk);
    this.#command = options.command ?? 'run';
    this.#now = options.now ?? (() => performance.now());
  }

  start(info: RunInfo): void {
    this.#info = info;
    this.#region.draw([titleLine(info, this.#command, this.#region.columns, this.#chalk)]);
  }

  tick(snapshot: Snapshot): void {
    const sameAct = snapshot.phase === this.#latest?.phase;
    this.#latest = snapshot;
    if (sameAct && this.#now() - this.#drawnAt < REDRAW_MS) return;
    this.#draw();
  }

  notice(level: NoticeLevel, message: string): void {
    const { columns } = this.#region;
    this.printAbove(noticeLine(level, message, this.#latest?.elapsedMs, this.#chalk, columns));
  }

  /** For what others have to say meanwhile, such as the log. */
  printAbove(text: string): void {
    this.#region.printAbove(text);
  }

  /** Takes the view away and gives the cursor back until the next draw, which is below all that others wrote meanwhile. */
  suspend(): void {
    this.#region.close();
  }

  finish(): void {
    this.close();
  }

  /** Takes the view away and gives the cursor back. Harmless when repeated. */
  close(): void {
    this.#closed = true;
    this.#region.close();
  }

  #draw(): void {
    const snapshot = this.#latest;
    if (this.#closed || this.#info === undefined || snapshot === undefined) return;
    this.#drawnAt = this.#now();
    const { columns, rows } = this.#region;
    const above = [
      titleLine(this.#info, this.#command, columns, this.#chalk),
      ...barLines(snapshot, columns, this.#chalk),
      ...dayLines(snapshot, columns, this.#chalk),
    ];
    const status = statusLines(snapshot, columns, this.#chalk);
    if (snapshot.phase === 'preparing') {
      this.#region.draw(above);
      return;
    }
    const room = rows - above.length - status.length - 1;
    this.#region.draw([...above, '', ...this.#table.lines(snapshot, columns, room), ...status]);
  }
}
