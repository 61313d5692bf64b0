import type { ChalkInstance } from 'chalk';
import type { Verification, VerifiedTarget } from '../run/report.ts';
import { causeWords } from './difference-causes.ts';
import { counted, grouped, money } from './number-format.ts';
import { type Column, columnWidths, tableLines } from './text-table.ts';
import { nameCell, oneLine, textWidth, wrapWords } from './text-width.ts';
import { figureLines, nameRows } from './verified-figures.ts';
import { visitDifferenceLines } from './visit-differences.ts';

export interface VerificationOptions {
  readonly chalk: ChalkInstance;
  /** Columns. */
  readonly width: number;
  /** Of the revenue, by target. */
  readonly currencies: ReadonlyMap<string, string>;
}

/** Beyond so many targets those without a difference are told by their verdict alone. */
const MOST_TABLES = 4;
/** The report has up to 100. */
const SHOWN_VISITS = 5;
const SHOWN_NAMES = 10;

const nameColumns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 0 },
  { title: 'planned', align: 'right', droppedAs: 0 },
  { title: 'recorded', align: 'right', droppedAs: 0 },
];

/** What was planned beside what was recorded, a block a target; its verdict is in `verdictLines`. */
export function verificationLines(verification: Verification, options: VerificationOptions): string[] {
  const { targets } = verification;
  return targets.flatMap(target => {
    const isDull = targets.length > MOST_TABLES || isEmpty(target);
    const isTold = target.result !== 'equal' || !isDull || target.settled.lost > 0;
    const block = isTold ? blockLines(target, verification, options) : [];
    if (block.length === 0) return [];
    const name = targets.length === 1 ? [] : [options.chalk.bold(nameCell(target.name, options.width))];
    return [...name, ...block, ''];
  });
}

function blockLines(
  target: VerifiedTarget,
  { strict }: Verification,
  { chalk, width, currencies }: VerificationOptions,
): string[] {
  const sentence = (text: string) => wrapWords(text, width, '  ');
  const visits = target.visits.slice(0, SHOWN_VISITS);
  const unshown = target.visits.length - visits.length + target.visitsLeftOut;
  const parts = [
    target.figures.length === 0
      ? []
      : figureLines(target, { chalk, width, currency: currencies.get(target.name) }),
    sentence(settledText(target)),
    target.causes.flatMap(({ cause, visits }) =>
      sentence(`${counted(visits, 'visit')}: ${causeWords[cause]}`),
    ),
    ...visits.map(visit => visitDifferenceLines(visit, { width, chalk })),
    unshown === 0
      ? []
      : sentence(`and ${counted(unshown, 'more differing visit')}: the report names the first 100`),
    nameLines(target, strict, width, chalk),
  ];
  return parts
    .filter(lines => lines.join('') !== '')
    .flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

/** `5 hits without an answer: 3 were recorded, 2 were not` */
export function settledText({ settled: { recorded, lost } }: VerifiedTarget): string {
  if (recorded + lost === 0) return '';
  const of = counted(recorded + lost, 'hit');
  if (lost === 0) return `${of} without an answer: ${recorded === 1 ? 'it was' : 'all were'} recorded`;
  if (recorded === 0) return `${of} without an answer: ${lost === 1 ? 'it was not' : 'none was'} recorded`;
  return `${of} without an answer: ${grouped(recorded)} ${recorded === 1 ? 'was' : 'were'} recorded, ${grouped(lost)} not`;
}

function nameLines(
  { names }: VerifiedTarget,
  isStrict: boolean,
  width: number,
  chalk: ChalkInstance,
): string[] {
  const different = names.filter(({ planned, recorded }) => planned !== recorded);
  if (different.length === 0) return [];
  const shown = nameRows(different.slice(0, SHOWN_NAMES), width);
  const left = different.length - shown.length;
  const why = isStrict ? 'counted because of --strict' : 'counted only with --strict';
  return [
    ...wrapWords(`differs by the server's own lists and goals, ${why}:`, width, '  '),
    ...tableLines(nameColumns, shown, columnWidths(nameColumns, shown), width, chalk.dim),
    ...(left === 0 ? [] : [`and ${counted(left, 'more name')}`]),
  ];
}

/** Nothing was accepted, and nothing is recorded of it. */
function isEmpty({ figures }: VerifiedTarget): boolean {
  return figures.every(({ planned, recorded }) => planned === 0 && recorded === 0);
}

/** A line a target: `✓ recorded as planned  28,893 visits · 140,120 actions · 1,802 orders · 212,993.10 SEK` */
export function verdictLines(
  { targets }: Verification,
  { chalk, width, currencies }: VerificationOptions,
): string[] {
  const names = targets.map(({ name }) => nameCell(name, width));
  const room = Math.max(...names.map(textWidth));
  return targets.flatMap((target, at) => {
    const name = names[at] ?? '';
    const shown = targets.length === 1 ? '' : `${name}${' '.repeat(room - textWidth(name))}  `;
    const [mark, style] = (
      {
        equal: ['✓', chalk.green],
        different: ['✗', chalk.red],
        'not-comparable': ['!', chalk.yellow],
      } as const
    )[target.result];
    const lines = wrapWords(
      `${mark} ${shown}${verdictText(target, targets.length === 1, currencies.get(target.name))}`,
      width,
      '  ',
    );
    if (target.result !== 'equal') return lines.map(line => style(line));
    return lines.map((line, row) => (row === 0 ? style(mark) + line.slice(mark.length) : line));
  });
}

function verdictText(target: VerifiedTarget, isAlone: boolean, currency: string | undefined): string {
  switch (target.result) {
    case 'equal':
      if (isEmpty(target)) return 'nothing to compare: no hit was accepted';
      return `recorded as planned  ${recordedText(target, isAlone, currency)}`;
    case 'different':
      return `not recorded as planned: ${differenceText(target)}`;
    case 'not-comparable':
      return `not comparable: ${oneLine(target.reason ?? 'the server does not tell enough')}`;
  }
}

/** @param isAlone there is room for its orders, too */
function recordedText({ figures }: VerifiedTarget, isAlone: boolean, currency: string | undefined): string {
  const recorded = (name: string) => figures.find(figure => figure.name === name)?.recorded ?? 0;
  const orders = recorded('orders');
  return [
    counted(recorded('visits'), 'visit'),
    counted(recorded('actions'), 'action'),
    ...(orders === 0 || !isAlone
      ? []
      : [counted(orders, 'order'), `${money(recorded('revenue'))} ${currency ?? 'revenue'}`]),
  ].join(' · ');
}

/** What differs: figures, and visits where they were compared one by one. */
function differenceText({ figures, differences, visits, visitsLeftOut, names }: VerifiedTarget): string {
  const of = visits.length + visitsLeftOut;
  const named = names.filter(({ planned, recorded }) => planned !== recorded).length;
  const verb = (count: number) => (count === 1 ? 'differs' : 'differ');
  const parts = [
    differences.length === 0
      ? ''
      : `${grouped(differences.length)} of ${counted(figures.length, 'figure')} ${verb(figures.length)}`,
    of === 0 ? '' : `${counted(of, 'visit')} ${verb(of)}`,
    differences.length > 0 || of > 0 || named === 0 ? '' : `${counted(named, 'name')} ${verb(named)}`,
  ];
  return parts.filter(part => part !== '').join(', ');
}
