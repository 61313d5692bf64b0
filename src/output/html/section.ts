import type { ChartData } from './chart-data.ts';
import { type Html, html, type Part } from './html.ts';

/** A part of the page, with the charts that its script is to draw. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Part;
  readonly charts?: readonly ChartData[];
}

export function sectionMarkup({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<div>
${body}</div>
</section>
`;
}

/** What is there on request, and always on paper. */
export function folded(summary: Part, body: Part): Html {
  return html`<details><summary>${summary}</summary>
<div>${body}</div></details>
`;
}

/** A verdict with its mark: `✓` good, `!` doubtful, `✗` bad. The words say it, too. */
export function marked(tag: 'li' | 'h1' | 'p', mark: string, text: Part): Html {
  const meaning = { '✓': 'good', '!': 'doubt', '✗': 'bad' }[mark] ?? 'doubt';
  const inside = html`<span class="mark" aria-hidden="true">${mark}</span><span>${text}</span>`;
  const attributes = html` class="marked ${meaning}"`;
  if (tag === 'li') return html`<li${attributes}>${inside}</li>\n`;
  return tag === 'h1' ? html`<h1${attributes}>${inside}</h1>\n` : html`<p${attributes}>${inside}</p>\n`;
}
