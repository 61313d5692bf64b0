import type { Report } from '../../run/report.ts';
import { counted, grouped, percent } from '../number-format.ts';
import { type Html, html, name, type Part } from './html.ts';
import type { Section } from './section.ts';
import { bar, table } from './tables.ts';

const MOST_ROWS = 20;

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
/** As Matomo's reports call them. */
const sourceNames: Readonly<Record<string, string>> = {
  direct: 'Direct entry',
  search: 'Search engine',
  website: 'Website',
  social: 'Social network',
  campaign: 'Campaign',
};
const deviceNames: Readonly<Record<string, string>> = {
  desktop: 'Desktop',
  smartphone: 'Smartphone',
  tablet: 'Tablet',
};

/** Who the planned visits are of; undefined where the report does not say. */
export function visitorsSection({ visitors, plan }: Report): Section | undefined {
  const tables = [
    shareTable('Countries', visitors.countries, countryName),
    shareTable('Sources', visitors.sources, source => sourceNames[source] ?? source),
    shareTable('Devices', visitors.devices, device => deviceNames[device] ?? device),
    shareTable('Browsers', visitors.browsers),
    shareTable('Operating systems', visitors.systems),
  ].filter(part => part !== undefined);
  if (tables.length === 0) return undefined;
  const returning =
    plan.returningVisits === 0
      ? 'none of somebody who came again'
      : `${grouped(plan.returningVisits)} of them of somebody who came again`;
  return {
    id: 'visitors',
    title: 'Visitors, as planned',
    body: html`<p class="note">${counted(plan.visits, 'visit')}, ${returning}.${
      Object.keys(visitors.countries).length === 0
        ? ' No country is sent: the server sees where the requests come from.'
        : ''
    }</p>
<div class="bars shares">${tables}</div>
`,
  };
}

function countryName(code: string): string {
  try {
    return regions.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

function shareTable(
  title: string,
  counts: Readonly<Record<string, number>>,
  nameOf: (key: string) => string = key => key,
): Html | undefined {
  const all = Object.entries(counts).sort(([, few], [, many]) => many - few);
  const total = all.reduce((sum, [, visits]) => sum + visits, 0);
  if (total === 0) return undefined;
  const most = all[0]?.[1] ?? 1;
  const rowOf = (of: Part, visits: number) => ({
    title: of,
    cells: [bar(0, visits / most), grouped(visits), shareText(visits / total)],
  });
  const rest = all.slice(MOST_ROWS);
  const ofRest = rest.reduce((sum, [, visits]) => sum + visits, 0);
  return table({
    caption: title,
    label: title,
    columns: [{ title: '', kind: 'bar' }, { title: 'visits' }, { title: 'share' }],
    rows: [
      ...all.slice(0, MOST_ROWS).map(([key, visits]) => rowOf(name(nameOf(key)), visits)),
      ...(rest.length === 0 ? [] : [rowOf(`${counted(rest.length, 'other')}`, ofRest)]),
    ],
  });
}

function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : percent(share);
}
