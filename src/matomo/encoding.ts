import type { Page } from '../traffic/pages.ts';

/**
 * How many texts are kept encoded. A plan draws from lists (agents, terms, products), so this holds all of
 * them; it bounds what a list of millions could take.
 */
const KEPT = 200_000;

const kept = new Map<string, string>();

/** As it stands in a query, encoded once for each text that comes again. */
export function encoded(text: string): string {
  let form = kept.get(text);
  if (form === undefined) {
    form = inQuery(text);
    if (kept.size < KEPT) kept.set(text, form);
  }
  return form;
}

/** A page as parameters: as the one that is open, up to the id of its view, as the one come from, and by its title. */
interface EncodedPage {
  readonly opened: string;
  readonly referrer: string;
  readonly title: string;
}

const keptPages = new WeakMap<Page, EncodedPage>();

/** Encoded once for each page. */
export function encodedPage(page: Page): EncodedPage {
  let form = keptPages.get(page);
  if (form === undefined) {
    form = formOf(inQuery(page.url), inQuery(page.title));
    keptPages.set(page, form);
  }
  return form;
}

/** The same for a page that does not come again; its title does. */
export function encodedOnce({ url, title }: Page): EncodedPage {
  return formOf(inQuery(url), encoded(title));
}

function formOf(url: string, title: string): EncodedPage {
  return { opened: `&url=${url}&pv_id=`, referrer: `&urlref=${url}`, title: `&action_name=${title}` };
}

/** Half of a surrogate pair is sent as U+FFFD. */
function inQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
