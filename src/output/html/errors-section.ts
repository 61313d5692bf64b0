import { causesFirst } from '../../run/error-order.ts';
import type { CountedError, Report } from '../../run/report.ts';
import { counted, countOrDash, grouped } from '../number-format.ts';
import { html, name } from './html.ts';
import type { Section } from './section.ts';
import { badIf, table } from './tables.ts';

/** Beyond so many targets an error names those it came at, and they have no column. */
const MOST_COLUMNS = 6;

interface Kind extends CountedError {
  readonly byTarget: ReadonlyMap<string, number>;
}

/** Errors by kind, causes before their consequences; undefined where there was none. */
export function errorsSection({ targets }: Report): Section | undefined {
  const kinds = kindsOf(targets);
  if (kinds.length === 0) return undefined;
  const hasColumns = targets.length > 1 && targets.length <= MOST_COLUMNS;
  const columns = [
    { title: 'hits' },
    ...(hasColumns ? targets.map(target => ({ title: name(target.name), kind: 'target' as const })) : []),
    ...(targets.length > MOST_COLUMNS ? [{ title: 'at', kind: 'text' as const }] : []),
    { title: 'an example of what was said', kind: 'text' as const },
  ];
  const rows = kinds.map(({ code, count, example, byTarget }) => ({
    title: name(code),
    cells: [
      badIf(true, grouped(count)),
      ...(hasColumns ? targets.map(target => countOrDash(byTarget.get(target.name) ?? 0)) : []),
      ...(targets.length > MOST_COLUMNS ? [atTargets(byTarget)] : []),
      name(example),
    ],
  }));
  return {
    id: 'errors',
    title: 'Errors',
    body: html`${table({ label: 'Errors by kind', corner: 'kind', columns, rows })}`,
  };
}

function kindsOf(targets: Report['targets']): readonly Kind[] {
  const kinds = new Map<
    string,
    { code: string; count: number; example: string; byTarget: Map<string, number> }
  >();
  for (const target of targets) {
    for (const { code, count, example } of target.errors) {
      const kind = kinds.get(code) ?? { code, count: 0, example, byTarget: new Map() };
      kind.count += count;
      kind.byTarget.set(target.name, count);
      kinds.set(code, kind);
    }
  }
  return [...kinds.values()].sort(causesFirst);
}

/** `node-3, node-4 and 7 more` */
function atTargets(byTarget: ReadonlyMap<string, number>) {
  const names = [...byTarget.keys()];
  const told = names.slice(0, 3).map((target, at) => html`${at === 0 ? '' : ', '}${name(target)}`);
  const rest = names.length - told.length;
  return html`${told}${rest === 0 ? '' : ` and ${counted(rest, 'more target')}`}`;
}
