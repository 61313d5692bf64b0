import type { Report, TargetReport, VerifiedTarget } from '../../run/report.ts';
import { countOrDash, DASH, grouped, money } from '../number-format.ts';
import { savedCurrencies } from '../saved-currencies.ts';
import { mainFigures } from '../verified-figures.ts';
import { type Html, html, name, type Part } from './html.ts';
import { folded, type Section } from './section.ts';
import { badIf, type TableRow, table } from './tables.ts';

/** Beyond so many targets those without a difference are folded. */
const MOST_OPEN = 4;

/** Not all was accepted, and only a verification tells what of it was. */
const NOT_KNOWN = html`<span class="note">not known</span>`;

/** Planned, sent and recorded, figure by figure: a table a target. */
export function accountSection(report: Report): Section {
  const tables = report.targets.map(target => ({ target, markup: targetTable(report, target) }));
  const isLong = tables.length > MOST_OPEN;
  const open = isLong ? tables.filter(({ target }) => !isWhole(report, target)) : tables;
  const others = tables.filter(one => !open.includes(one));
  return {
    id: 'account',
    title: 'Planned, sent, recorded',
    body: html`<p class="note">Sent is what the server accepted. ${recordedNote(report)}</p>
<div class="tables">${open.map(({ markup }) => markup)}</div>
${
  others.length === 0
    ? undefined
    : folded(
        `${grouped(others.length)} ${open.length === 0 ? 'targets' : 'more targets'}, without a difference`,
        html`<div class="tables">${others.map(({ markup }) => markup)}</div>`,
      )
}`,
  };
}

function recordedNote({ verification, run }: Report): string {
  if (verification !== null) {
    const how = verification.method === 'visits' ? 'visit by visit' : "by the change of the site's totals";
    return `Recorded is what the server said when it was asked, ${how}.`;
  }
  return run.command === 'backfill'
    ? 'What was recorded of each day is below, under days.'
    : 'Nobody asked the server what it recorded: trafficinator verify does.';
}

function targetTable(report: Report, target: TargetReport): Html {
  const verified = report.verification?.targets.find(one => one.name === target.name);
  const sent = sentOf(target, verified);
  const recorded = new Map(verified?.figures.map(figure => [figure.name, figure.recorded]));
  const currency = savedCurrencies(report).get(target.name);
  const plan: Readonly<Record<string, number>> = target.plan;
  const rows = [...mainFigures].flatMap(([figure, { title, isRare }]): TableRow[] => {
    const planned = plan[figure] ?? 0;
    const cells = [planned, sent.get(figure), recorded.get(figure)] as const;
    if (isRare && cells.every(value => !value)) return [];
    return [rowOf(figure, title, cells, currency)];
  });
  const hits = rowOf('hits', 'hits', [target.hits.planned, target.hits.accepted, undefined]);
  const isAlone = report.targets.length === 1;
  const titles = ['planned', 'sent', ...(report.verification === null ? [] : ['recorded'])];
  return table({
    label: `Planned, sent and recorded at ${target.name}`,
    ...(isAlone ? {} : { caption: name(target.name) }),
    columns: titles.map(title => ({ title })),
    rows: [...rows.slice(0, 1), hits, ...rows.slice(1)].map(row => ({
      ...row,
      cells: row.cells.slice(0, titles.length),
    })),
  });
}

/** What was accepted of each figure; without a verification that is known where all was. */
function sentOf(target: TargetReport, verified: VerifiedTarget | undefined): ReadonlyMap<string, number> {
  const { visits, hits, plan } = target;
  if (verified !== undefined && verified.figures.length > 0) {
    return new Map(verified.figures.map(figure => [figure.name, figure.planned]));
  }
  if (hits.accepted === hits.planned) return new Map(Object.entries(plan));
  return new Map([['visits', visits.planned - visits.dropped - visits.skipped]]);
}

type Values = readonly [planned: number, sent: number | undefined, recorded: number | undefined];

function rowOf(
  figure: string,
  title: string,
  [planned, sent, recorded]: Values,
  currency?: string,
): TableRow {
  const shown = (value: number): string => {
    if (value === 0) return DASH;
    return figure === 'revenue' ? money(value) : countOrDash(value);
  };
  const unit = figure === 'revenue' && currency !== undefined ? ` ${currency}` : '';
  const cells: Part[] = [
    shown(planned),
    sent === undefined ? NOT_KNOWN : badIf(sent !== planned, shown(sent)),
    recorded === undefined ? '' : badIf(recorded !== (sent ?? planned), shown(recorded)),
  ];
  return { title: `${title}${unit}`, cells };
}

function isWhole({ verification }: Report, { name: of, hits }: TargetReport): boolean {
  const verified = verification?.targets.find(target => target.name === of);
  return hits.accepted === hits.planned && (verified === undefined || verified.result === 'equal');
}
