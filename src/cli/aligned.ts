/**
 * Rows of text in columns as wide as their widest cell.
 *
 * @param right columns, counted from 0, whose cells end at the same place, as numbers do
 */
export function aligned(rows: readonly (readonly string[])[], { right = new Set<number>() } = {}): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (right.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
