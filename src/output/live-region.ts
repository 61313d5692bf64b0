import type { TextStream } from './text-stream.ts';
import { cutToWidth, textWidth } from './text-width.ts';

const ESC = '\u001B[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** Synchronized output: the terminal shows all between the two at once, and nothing flickers. Others ignore it. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;
const CLEAR_LINE = `${ESC}2K`;
const CLEAR_BELOW = `${ESC}J`;

/**
 * The last lines of a terminal, drawn over themselves. Between two draws the cursor stands on the empty line below
 * them, so that what others write (`^C`, a shell's prompt after a kill) destroys nothing and is wiped away by the
 * next draw. Only lines that changed are written.
 */
export class LiveRegion {
  readonly #stream: TextStream;
  #shown: readonly string[] = [];
  #columns = 0;
  #cursorHidden = false;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns || 80;
  }

  /** Lines that fit: the cursor needs one, too. */
  get rows(): number {
    return Math.max(1, (this.#stream.rows || 24) - 1);
  }

  /** Shows these lines in place of those before. Each is cut to the terminal's width. */
  draw(lines: readonly string[]): void {
    const columns = this.columns;
    const next = lines.slice(0, this.rows).map(line => cutToWidth(line, columns));
    const resized = columns !== this.#columns;
    let text = this.#up(columns) + (resized ? CLEAR_BELOW : '');
    next.forEach((line, at) => {
      text += resized || line !== this.#shown[at] ? `${CLEAR_LINE}${line}\n` : '\n';
    });
    this.#write(text + CLEAR_BELOW);
    this.#shown = next;
    this.#columns = columns;
  }

  /** A text that stays, above the region. */
  printAbove(text: string): void {
    const columns = this.columns;
    const ended = text.endsWith('\n') ? text : `${text}\n`;
    if (this.#shown.length === 0) {
      this.#stream.write(ended);
      return;
    }
    const again = this.#shown.map(line => `${cutToWidth(line, columns)}\n`).join('');
    this.#write(`${this.#up(columns)}${CLEAR_BELOW}${ended}${again}`);
    this.#columns = columns;
  }

  /** Takes the region away and gives the cursor back. May be called at any time, and more than once. */
  close(): void {
    if (!this.#cursorHidden && this.#shown.length === 0) return;
    this.#stream.write(`${this.#up(this.columns)}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#shown = [];
    this.#cursorHidden = false;
  }

  /** To the first column of the region's first line. A terminal that became narrower has folded the longer lines. */
  #up(columns: number): string {
    const rows = this.#shown.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)),
      0,
    );
    return rows === 0 ? '\r' : `\r${ESC}${Math.min(rows, this.rows)}A`;
  }

  #write(text: string): void {
    this.#stream.write(`${BEGIN}${this.#cursorHidden ? '' : HIDE_CURSOR}${text}${END}`);
    this.#cursorHidden = true;
  }
}
