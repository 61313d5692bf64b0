import { type Html, html, type Part } from './html.ts';

export interface TableColumn {
  readonly title: Part;
  /** `text`: not a number, and left-aligned. */
  readonly kind?: 'text' | 'target' | 'bar';
}

export interface TableRow {
  readonly title: Part;
  readonly cells: readonly Part[];
  /** Begins a group: a little apart from what is above. */
  readonly isFirst?: boolean;
}

export interface TableOptions {
  /** What it is of: shown above it, unless a heading is there. */
  readonly caption?: Part;
  /** For those who hear it: every table that can be scrolled has a name. */
  readonly label: string;
  /** Of the column of row titles. */
  readonly corner?: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly total?: TableRow | undefined;
}

/** A table with titles above and beside its numbers. Where it is wider than the page it can be scrolled, with keys, too. */
export function table({ caption, label, corner, columns, rows, total }: TableOptions): Html {
  const head = columns.map(({ title, kind }) =>
    kind === undefined || kind === 'bar'
      ? html`<th scope="col">${title}</th>`
      : html`<th scope="col" class="${kind}">${title}</th>`,
  );
  const rowOf = ({
    title,
    cells,
    isFirst,
  }: TableRow) => html`<tr${isFirst ? html` class="first"` : undefined}>
<th scope="row">${title}</th>${cells.map((cell, at) => cellOf(cell, columns[at]?.kind))}</tr>
`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>${
    caption === undefined ? undefined : html`<caption>${caption}</caption>`
  }
<thead><tr>${corner === undefined ? html`<td></td>` : html`<th scope="col">${corner}</th>`}${head}</tr></thead>
<tbody>${rows.map(rowOf)}</tbody>${total === undefined ? undefined : html`<tfoot>${rowOf(total)}</tfoot>`}
</table></div>
`;
}

function cellOf(cell: Part, kind: TableColumn['kind']): Html {
  if (kind === 'text') return html`<td class="text">${cell}</td>`;
  if (kind === 'bar') return html`<td class="bar">${cell}</td>`;
  return html`<td>${cell}</td>`;
}

/** Something that is wrong, where it is more than nothing. */
export function badIf(isBad: boolean, shown: string): Part {
  return isBad ? html`<span class="bad">${shown}</span>` : shown;
}

/** A bar of `whole` with `part` of it darker, both shares of the longest. What it says stands beside it. */
export function bar(whole: number, part = 0): Html {
  const width = (share: number) => Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10;
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="${width(whole)}" height="10"/>${
    part > 0 ? html`<rect class="part" width="${width(part)}" height="10"/>` : undefined
  }</svg>`;
}
