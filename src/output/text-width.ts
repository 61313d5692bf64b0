import { stripVTControlCharacters } from 'node:util';

const ascii = /^[\x20-\x7e]*$/;
/** Two columns each in a terminal: emoji, and the East Asian scripts with their full-width forms. */
const wide =
  /^(?:\p{Emoji_Presentation}|.\uFE0F|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6])/u;
/** Colours, as chalk writes them, between the pieces of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape code begins with one.
const styling = /(\u001B\[[0-9;]*m)/;

let segmenter: Intl.Segmenter | undefined;

/** As a person counts characters. Made when first asked for: loading it takes longer than all that `--help` does. */
function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Columns a text takes in a terminal; styling takes none. */
export function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (ascii.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes(plain)) width += columnsOf(segment);
  return width;
}

/** The text, or as much of it as fits into `columns` with an ellipsis at the cut. Styling is kept, and so ended. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let room = columns - 1;
  let cut = '';
  let full = room < 0;
  for (const piece of text.split(styling)) {
    if (piece.startsWith('\u001B')) {
      cut += piece;
      continue;
    }
    if (full) continue;
    for (const { segment } of graphemes(piece)) {
      room -= columnsOf(segment);
      if (room < 0) {
        cut += '…';
        full = true;
        break;
      }
      cut += segment;
    }
  }
  return cut;
}

/**
 * A target's name in a table of so many columns: up to three tenths of them. A longer one loses its middle, because
 * names that are hosts differ at their beginning (`node-1.…`) or at their end (`…-3`).
 */
export function nameCell(name: string, columns: number): string {
  const shown = oneLine(name);
  const room = Math.max(12, Math.floor(columns * 0.3));
  if (textWidth(shown) <= room) return shown;
  const parts = [...graphemes(shown)].map(({ segment }) => segment);
  const end: string[] = [];
  let left = Math.floor((room - 1) / 2);
  for (let part = parts.pop(); part !== undefined && columnsOf(part) <= left; part = parts.pop()) {
    end.unshift(part);
    left -= columnsOf(part);
  }
  const tail = end.join('');
  return cutToWidth(shown, room - textWidth(tail)) + tail;
}

/** Lines for a terminal of so many columns; what is broken off stands under the beginning of its own line. */
export function wrapLines(text: string, columns: number | undefined): string {
  const wrapped = text.split('\n').flatMap(line => {
    const words = line.trimStart();
    const indent = ' '.repeat(line.length - words.length);
    return wrapWords(words, (columns || Number.POSITIVE_INFINITY) - indent.length, '').map(
      part => indent + part,
    );
  });
  return wrapped.join('\n');
}

/** The text in lines of at most so many columns, broken between words; lines after the first are indented. */
export function wrapWords(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer) <= columns) {
      line = longer;
    } else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

/** One line without control characters: a server's words must neither break a view nor steer a terminal. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

function columnsOf(grapheme: string): number {
  return wide.test(grapheme) ? 2 : 1;
}
