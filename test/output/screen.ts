import type { TextStream } from '../../src/output/text-stream.ts';

/**
 * A terminal as far as outputs use one: lines, a cursor, and the few codes they write. It throws at any other code,
 * and at a line that would wrap.
 */
export class Screen implements TextStream {
  readonly isTTY = true;
  columns: number;
  rows: number;
  cursorHidden = false;
  /** How often something was written. */
  writes = 0;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows = 30) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What a person sees, without spaces at the ends. */
  get text(): string {
    return this.#lines
      .map(line => line.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }

  write(text: string): void {
    this.writes++;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape code begins with one.
    for (const [piece] of text.matchAll(/\u001B\[(?<parameters>[?0-9;]*)(?<command>[A-Za-z])|./gsu))
      this.#take(piece);
  }

  /** As terminals do that fold lines anew at another width. */
  resize(columns: number): void {
    const folded: string[][] = [];
    let row = 0;
    this.#lines.forEach((line, at) => {
      if (at === this.#row) row = folded.length;
      for (let from = 0; from === 0 || from < line.length; from += columns)
        folded.push(line.slice(from, from + columns));
    });
    this.#lines = folded;
    this.#row = row;
    this.columns = columns;
  }

  #take(piece: string): void {
    if (piece === '\r') this.#column = 0;
    else if (piece === '\n') {
      this.#row++;
      this.#column = 0;
      this.#lines[this.#row] ??= [];
    } else if (piece.startsWith('\u001B')) this.#obey(piece.slice(2));
    else {
      if (this.#column >= this.columns) throw new Error(`a line wraps at ${JSON.stringify(piece)}`);
      const line = this.#lines[this.#row] ?? [];
      while (line.length < this.#column) line.push(' ');
      line[this.#column++] = piece;
    }
  }

  #obey(code: string): void {
    if (code === '?25l') this.cursorHidden = true;
    else if (code === '?25h') this.cursorHidden = false;
    else if (code === '2K') this.#lines[this.#row] = [];
    else if (code === 'J') {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row]?.splice(this.#column);
    } else if (/^\d+A$/.test(code)) this.#row = Math.max(0, this.#row - Number.parseInt(code, 10));
    else if (!/^\?2026[hl]$|m$/.test(code)) throw new Error(`unknown code ${code}`);
  }
}

/** A stream that keeps what is written. */
export class Written implements TextStream {
  text = '';
  readonly columns: number | undefined;

  constructor(columns?: number) {
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}
