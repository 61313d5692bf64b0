import type { FunnelReport, Report } from '../../run/report.ts';
import { counted, countOrDash, grouped, percent } from '../number-format.ts';
import { type Html, html, name } from './html.ts';
import { stepNamesOf } from './said-config.ts';
import type { Section } from './section.ts';
import { bar, table } from './tables.ts';

/** Each funnel with the visits that came to each step, as planned and as accepted; undefined without funnels. */
export function funnelsSection(report: Report): Section | undefined {
  const begun = report.funnels.filter(({ began }) => began > 0);
  if (report.funnels.length === 0) return undefined;
  const idle = report.funnels.filter(({ began }) => began === 0);
  return {
    id: 'funnels',
    title: 'Funnels',
    body: html`${begun.map(funnel => funnelPart(funnel, stepNamesOf(report, funnel.name)))}${
      idle.length === 0
        ? undefined
        : html`<p class="note">No visit went through ${idle.map((funnel, at) => html`${at === 0 ? '' : ', '}${name(funnel.name)}`)}.</p>`
    }`,
  };
}

function funnelPart(
  { name: title, began, steps, finished, sent }: FunnelReport,
  names: readonly string[],
): Html {
  const rows = steps.map((visits, step) => ({
    title: html`${step + 1}. ${name(names[step] ?? `step ${step + 1}`)}`,
    cells: [
      bar(visits / began, (sent.steps[step] ?? 0) / began),
      countOrDash(visits),
      countOrDash(sent.steps[step] ?? 0),
      percent(visits / began),
    ],
  }));
  return html`<div class="bars funnel"><h3>${name(title)}</h3>
<p class="note">${grouped(finished)} of ${counted(began, 'visit')} planned to come to the end, ${grouped(sent.finished)} accepted to there.</p>
${table({
  label: `Steps of ${title}`,
  corner: 'step',
  columns: [{ title: '', kind: 'bar' }, { title: 'planned' }, { title: 'accepted' }, { title: 'came here' }],
  rows,
})}</div>
`;
}
