/** What stands for nothing, a text or a number that is escaped, markup that is taken as it is, or several of these. */
export type Part = Html | string | number | undefined | readonly Part[];

/** Markup that was made by `html` and can be put into more of it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** Markup from a template. Whatever is put into it is text, unless it is markup itself: nothing can be forgotten. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = literals[0] ?? '';
  for (const [at, part] of parts.entries()) markup += markupOf(part) + (literals[at + 1] ?? '');
  return new Html(markup);
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return part.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that a page may not hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are taken out.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** Text as it can stand in an element and in a quoted attribute. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, character => entities[character] ?? '');
}

/** JSON as it can stand in a script element, which ends at the first `</script` whatever stands around it. */
export function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).toWellFormed().replaceAll('<', '\\u003c'));
}

/** A name from outside. Written from right to left, it turns nothing round that stands beside it. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}
