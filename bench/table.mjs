import { median } from './statistics.mjs';

const COLUMNS = [46, 12, 12, 12];

export function printHeading() {
  console.log(line(['', 'min', 'median', 'max'], 'wanted'));
}

/**
 * A row for each figure, which may have been measured several times.
 *
 * @param rows `{ name, values, digits?, atLeast?, atMost? }`: what is wanted of the median
 * @param judges says whether it is so
 */
export function printRows(rows, judges) {
  for (const { name, values, digits = 2, atLeast, atMost } of rows) {
    const middle = median(values);
    const wanted = atLeast === undefined ? (atMost === undefined ? '' : `≤ ${atMost}`) : `≥ ${atLeast}`;
    const isKept = !(middle < (atLeast ?? -Infinity)) && !(middle > (atMost ?? Infinity));
    const verdict = judges && wanted !== '' ? (isKept ? '  kept' : '  MISSED') : '';
    const figures = [Math.min(...values), middle, Math.max(...values)].map(value => value.toFixed(digits));
    console.log(line([name, ...figures], wanted + verdict));
  }
}

function line(cells, last) {
  return [
    ...cells.map((cell, at) => (at === 0 ? cell.padEnd(COLUMNS[0]) : cell.padStart(COLUMNS[at]))),
    `  ${last}`,
  ]
    .join('')
    .trimEnd();
}
