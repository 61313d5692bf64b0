import type { CollectorSite } from './site.ts';
import type { CollectorState, CollectorTotals, VisitSummary } from './state.ts';

const lastVisits = 20;

const shownColumns = [
  'visits',
  'actions',
  'pageviews',
  'events',
  'searches',
  'outlinks',
  'downloads',
  'contents',
  'orders',
  'carts',
  'goalConversions',
  'bounces',
  'visitSeconds',
  'revenue',
] as const satisfies readonly (keyof CollectorTotals)[];

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
th:first-child, td:first-child { text-align: left; }
th { font-weight: 600; } code { font-size: .9em; } .none { opacity: .35; }`;

/** A page for people: what the collector holds. Needs nothing from elsewhere and no script. */
export function startPage(state: CollectorState, sites: readonly CollectorSite[], url: string): string {
  const rows = sites.map(site =>
    totalsRow(`${site.id} ${site.name} (${site.timezone}, ${site.currency})`, state.sites[site.id]),
  );
  const visits = (state.visits ?? []).slice(-lastVisits).reverse();
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Collector</title><style>${style}</style></head><body>
<h1>Collector</h1>
<p>Tracking requests go to <code>${escaped(url)}</code>. For programs: <a href="/collector/state">/collector/state</a>.
Failed logins: ${state.failedLogins}.</p>
<h2>Recorded</h2>
<div class="wide"><table><tr><th>site</th>${shownColumns.map(name => `<th>${spaced(name)}</th>`).join('')}</tr>
${[...rows, sites.length > 1 ? totalsRow('all', state.totals) : ''].join('\n')}</table></div>
<h2>Last visits</h2>
${visits.length === 0 ? '<p>None yet.</p>' : visitTable(visits)}
</body></html>
`;
}

function totalsRow(label: string, totals: CollectorTotals | undefined): string {
  return `<tr><td>${escaped(label)}</td>${shownColumns.map(name => cell(totals?.[name] ?? 0)).join('')}</tr>`;
}

function visitTable(visits: readonly VisitSummary[]): string {
  const rows = visits.map(
    visit =>
      `<tr><td><code>${escaped(visit.visitorId)}</code></td>${cell(visit.siteId)}${cell(visit.actions)}${cell(visit.totalTimeSeconds)}` +
      `${cell(visit.visitCount)}<td>${timeText(visit.firstActionAt)}</td><td>${timeText(visit.lastActionAt)}</td></tr>`,
  );
  return `<div class="wide"><table><tr><th>visitor</th><th>site</th><th>actions</th><th>seconds</th><th>visit</th><th>first action</th><th>last action</th></tr>
${rows.join('\n')}</table></div>`;
}

function cell(value: number): string {
  return value === 0 ? '<td class="none">–</td>' : `<td>${value.toLocaleString('en-US')}</td>`;
}

function timeText(epochSecond: number): string {
  return `${new Date(epochSecond * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function spaced(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
