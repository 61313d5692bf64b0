import { Chalk } from 'chalk';
import type { Comparison, Report, TargetReport } from '../../run/report.ts';
import { comparedLines, comparedValue, comparedVerdict, comparisonMethod } from '../comparison-table.ts';
import { countOrDash, DASH, milliseconds, rate } from '../number-format.ts';
import { type Html, html, name, type Part } from './html.ts';
import type { Section } from './section.ts';
import { badIf, type TableRow, table } from './tables.ts';

const plain = new Chalk({ level: 0 });
/** As many columns stand beside each other on paper. */
const TARGETS_A_TABLE = 4;

/** Of one target: what the parts of its column are of. The first has its name. */
const PART_TITLES = [undefined, 'visits', 'hits', 'a second', 'latency', 'lateness'];

type Column = Pick<TargetReport, 'visits' | 'hits' | 'rate' | 'latencyMs' | 'latenessMs'> & {
  readonly title: Part;
  readonly target: TargetReport | undefined;
};

interface Line {
  readonly title: string;
  readonly cell: (column: Column) => Part;
  readonly isFirst?: true | undefined;
  /** Left out where no column has it. */
  readonly onlyWhere?: (column: Column) => boolean;
}

const lines: readonly Line[] = [
  { title: 'server', cell: ({ target }) => (target === undefined ? undefined : name(hostOf(target.url))) },
  { title: 'site', cell: ({ target }) => target?.siteId },
  { title: 'health', cell: ({ target }) => (target === undefined ? undefined : health(target)) },
  { ...visits('visits planned', 'planned'), isFirst: true },
  visits('completed', 'completed'),
  lostVisits('partial', 'partial'),
  lostVisits('failed', 'failed'),
  lostVisits('dropped', 'dropped'),
  lostVisits('skipped', 'skipped'),
  { ...hits('hits planned', 'planned'), isFirst: true },
  hits('accepted', 'accepted'),
  lostHits('rejected', 'rejected'),
  lostHits('failed', 'failed'),
  lostHits('unknown', 'unknown'),
  { ...lostHits('skipped', 'skipped'), onlyWhere: column => column.hits.skipped > 0 },
  { ...lostHits('only queued', 'unconfirmed'), onlyWhere: column => column.hits.unconfirmed > 0 },
  { ...lostHits('unaccounted', 'unaccounted'), onlyWhere: column => column.hits.unaccounted > 0 },
  {
    title: 'visits/s offered',
    cell: column => {
      const { offeredVisitsPerSecond: offered } = column.rate;
      return offered === null ? DASH : rate(offered);
    },
    isFirst: true,
  },
  { title: 'visits/s achieved', cell: column => rate(column.rate.achievedVisitsPerSecond) },
  { title: 'hits/s', cell: column => rate(column.rate.hitsPerSecond) },
  { ...latency('latency p50', 'p50'), isFirst: true },
  latency('p90', 'p90'),
  latency('p95', 'p95'),
  latency('p99', 'p99'),
  latency('most', 'max'),
  latency('mean', 'mean'),
  { title: 'lateness p50', cell: column => milliseconds(column.latenessMs?.p50 ?? null), isFirst: true },
  { title: 'p99', cell: column => milliseconds(column.latenessMs?.p99 ?? null) },
  { title: 'most', cell: column => milliseconds(column.latenessMs?.max ?? null) },
];

/** A column a target, and one for all of them; mirrored ones also beside the first. */
export function targetsSection(report: Report): Section {
  const columns: Column[] = report.targets.map(target => ({ ...target, title: name(target.name), target }));
  const isAlone = columns.length === 1;
  const all: Column[] = isAlone ? [] : [{ ...report, title: 'all', target: undefined }];
  const shown = lines.filter(({ onlyWhere }) => onlyWhere === undefined || columns.some(onlyWhere));
  const tables = inGroups(columns, TARGETS_A_TABLE).map((group, at) =>
    linesTable(shown, [...all, ...group], `Targets side by side${at === 0 ? '' : `, table ${at + 1}`}`),
  );
  const parts = inParts(shown).map((part, at) => {
    const title = PART_TITLES[at];
    const titled = columns.map(column => (title === undefined ? column : { ...column, title }));
    return linesTable(part, titled, `The target, table ${at + 1}`);
  });
  return {
    id: 'targets',
    title: isAlone ? 'The target' : 'Targets side by side',
    body: html`${isAlone ? html`<div class="tables">${parts}</div>` : tables}${
      report.comparison === null ? undefined : comparisonPart(report.comparison)
    }`,
  };
}

function linesTable(shown: readonly Line[], columns: readonly Column[], label: string): Html {
  return table({
    label,
    columns: columns.map(({ title }) => ({ title, kind: 'target' })),
    rows: shown.map(
      ({ title, cell, isFirst }): TableRow => ({
        title,
        cells: columns.map(cell),
        ...(isFirst && { isFirst }),
      }),
    ),
  });
}

/** What belongs together, where there is room beside it. */
function inParts(all: readonly Line[]): readonly (readonly Line[])[] {
  const parts: Line[][] = [];
  for (const line of all) {
    if (line.isFirst || parts.length === 0) parts.push([]);
    parts.at(-1)?.push(line.isFirst ? { ...line, isFirst: undefined } : line);
  }
  return parts;
}

/** Mirrored targets: values, and how they stand to the first target's, in words. */
function comparisonPart(comparison: Comparison): Html {
  const [first, ...others] = comparison.targets;
  if (first === undefined) return html``;
  const tables = inGroups(others, TARGETS_A_TABLE - 1).map((group, at) =>
    table({
      label: `Mirrored targets compared${at === 0 ? '' : `, table ${at + 1}`}`,
      columns: [first, ...group].flatMap(target => [
        { title: name(target.name), kind: 'target' as const },
        ...(target === first ? [] : [{ title: 'beside it', kind: 'text' as const }]),
      ]),
      rows: comparedLines.map(line => ({
        title: line.title,
        cells: [first, ...group].flatMap(target => [
          comparedValue(line, target, plain),
          ...(target === first ? [] : [comparedVerdict(line, target, plain)]),
        ]),
      })),
    }),
  );
  return html`<h3>The same visits at the same moments</h3>
${tables}<p class="note">${comparisonMethod(comparison, first.name)}</p>
`;
}

function visits(title: string, figure: keyof Column['visits']): Line {
  return { title, cell: column => countOrDash(column.visits[figure]) };
}

function lostVisits(title: string, figure: keyof Column['visits']): Line {
  return {
    title,
    cell: column => badIf(column.visits[figure] > 0, countOrDash(column.visits[figure])),
    onlyWhere: column => column.visits[figure] > 0,
  };
}

function hits(title: string, figure: keyof Column['hits']): Line {
  return { title, cell: column => countOrDash(column.hits[figure]) };
}

function lostHits(title: string, figure: keyof Column['hits']): Line {
  return { title, cell: column => badIf(column.hits[figure] > 0, countOrDash(column.hits[figure])) };
}

function latency(title: string, figure: 'p50' | 'p90' | 'p95' | 'p99' | 'max' | 'mean'): Line {
  return { title, cell: column => milliseconds(column.latencyMs?.[figure] ?? null) };
}

/** `up`, `down`, `up, lost 2 times` */
function health({ health: { state, outages } }: TargetReport): Part {
  const lost = outages === 0 ? '' : `, lost ${outages === 1 ? 'once' : `${outages} times`}`;
  return badIf(state === 'down' || state === 'refused' || outages > 0, `${state}${lost}`);
}

/** Where it is, without what all addresses of Matomo have in common. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  return `${host}${pathname.replace(/\/(matomo|piwik)\.php$/, '')}`;
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (let from = 0; from < all.length; from += size) groups.push(all.slice(from, from + size));
  return groups;
}
