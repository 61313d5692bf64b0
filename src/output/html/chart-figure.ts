import type { ChartData } from './chart-data.ts';
import { type Html, html, type Part } from './html.ts';

/** The legend's samples repeat after so many colours with other dashes, as the charts do. */
const COLOURS = 8;
const dashes = ['', '7 4', '2 3', '10 3 2 3'];

/**
 * Where a chart is drawn, with what it shows in words, a legend that also tells the values at the cursor, and its numbers.
 *
 * @param words what can be seen in it
 * @param numbers its table, where it has one of its own
 * @param isWide where others stand beside each other
 */
export function chartFigure(chart: ChartData, words: Part, numbers?: Part, isWide = false): Html {
  const { id, title, series } = chart;
  return html`<figure aria-labelledby="${id}-title"${isWide ? html` class="wide"` : undefined}>
<figcaption><h3 id="${id}-title">${title}</h3><p>${words}</p></figcaption>
<ul class="legend">${series.map(
    (
      { label, style },
      at,
    ) => html`<li data-series="${at}">${sample(style)}<bdi>${label}</bdi> <span class="value"></span></li>
`,
  )}<li class="moment"></li></ul>
<div class="plot" id="${id}"></div>
${numbers}</figure>
`;
}

function sample(style: number): Html {
  const dash = dashes[Math.floor(style / COLOURS) % dashes.length] ?? '';
  return html`<svg class="swatch s${style % COLOURS}" viewBox="0 0 26 10" aria-hidden="true"><path d="M0 5H26"${
    dash === '' ? undefined : html` stroke-dasharray="${dash}"`
  }/></svg>`;
}
