/**
 * How many texts are kept encoded. A plan draws from lists (pages, titles, agents, terms), so this holds all of
 * them; it bounds what a list of millions could take.
 */
const KEPT = 200_000;

const kept = new Map<string, string>();

/** `encodeURIComponent`, once for each text that comes again. Half of a surrogate pair is sent as U+FFFD. */
export function encoded(text: string): string {
  let form = kept.get(text);
  if (form === undefined) {
    form = encodeURIComponent(text.toWellFormed());
    if (kept.size < KEPT) kept.set(text, form);
  }
  return form;
}
