import { isEmpty, trimmed } from './loose-values.ts';
import { cleanedText, storedUrl, urlIfValid } from './page-url.ts';
import { BrokenHit, InvalidHit } from './refusal.ts';
import { siteSearchOf } from './site-search.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { ActionType, RecordedAction, ViewedProduct } from './visit.ts';

/** An action a hit asks for, before anybody knows whether and to which visit it goes. */
export interface HitAction extends RecordedAction {
  /** The URL as sent, which goals are matched with; null where it is none. */
  rawUrl: string | null;
}

/**
 * The one action of a hit: of several that its parameters fit, the last of download, outlink, event, content,
 * search, page view in this order wins over the rest [core/Tracker/Action.php: factory].
 *
 * @throws BrokenHit where `ca=1` announces an action that is not there
 */
export function actionOf(hit: TrackedHit): HitAction {
  const { parameters } = hit;
  if (!parameters.isEmpty('download')) return clickAction(hit, 'download', parameters.text('download'));
  if (!parameters.isEmpty('link')) return clickAction(hit, 'outlink', parameters.text('link'));
  const category = parameters.text('e_c');
  const action = parameters.text('e_a');
  if (category !== '' && action !== '') {
    const event = {
      category: trimmed(category),
      action: trimmed(action),
      name: given(parameters.text('e_n')),
      value: parameters.decimal('e_v') ?? null,
    };
    return { ...pageAction(hit, 'event'), event };
  }
  if (!parameters.isEmpty('c_n')) {
    const content = {
      name: trimmed(parameters.text('c_n')),
      piece: given(parameters.text('c_p')),
      target: given(parameters.text('c_t')),
      interaction: given(parameters.text('c_i')),
    };
    return { ...pageAction(hit, 'content'), content };
  }
  const search = siteSearchOf(hit);
  if (search) return { ...pageAction(hit, 'search'), url: null, search };
  if (parameters.whole('ca', 0) !== 0) throw new BrokenHit('ca=1 without a custom action');
  return { ...pageAction(hit, 'pageview'), title: given(cleanedText(parameters.text('action_name'))) };
}

/**
 * Refuses an event or content whose name is blank: found out after the visitor was recognised, before anything
 * is recorded.
 *
 * @throws InvalidHit
 */
export function checkNames({ event, content }: HitAction): void {
  if (event?.category === '') throw new InvalidHit('e_c must not be blank');
  if (event?.action === '') throw new InvalidHit('e_a must not be blank');
  if (content?.name === '') throw new InvalidHit('c_n must not be blank');
}

/** True for what the server calls an interaction: it has a place in the order of a visit's pages. */
export function isInteraction(type: ActionType): boolean {
  return type === 'pageview' || type === 'search';
}

function pageAction(hit: TrackedHit, type: ActionType): HitAction {
  const url = hit.parameters.text('url');
  return { ...bareAction(hit, type), url: storedUrl(url, hit.site), rawUrl: urlIfValid(url) };
}

/** A click keeps its target as it is, parameters and all. */
function clickAction(hit: TrackedHit, type: ActionType, target: string): HitAction {
  const url = urlIfValid(target);
  return { ...bareAction(hit, type), url, rawUrl: url };
}

function bareAction(hit: TrackedHit, type: ActionType): HitAction {
  const product = viewedProduct(hit);
  const pageViewId = hit.parameters.text('pv_id').slice(0, 6);
  return {
    type,
    at: hit.at,
    url: null,
    title: null,
    rawUrl: null,
    pageViewId,
    ...(product ? { product } : {}),
  };
}

/** The product or the category a page shows [plugins/Ecommerce/Columns/ProductView*.php]. */
function viewedProduct({ parameters }: TrackedHit): ViewedProduct | undefined {
  if (!['_pks', '_pkn', '_pkc', '_pkp'].some(name => parameters.has(name))) return undefined;
  const category = parameters.text('_pkc');
  const product = {
    sku: given(parameters.text('_pks')),
    name: given(parameters.text('_pkn')),
    categories: category.startsWith('["') ? listedCategories(category) : isEmpty(category) ? [] : [category],
    price: parameters.decimal('_pkp') ?? null,
  };
  const isBlank =
    product.sku === null &&
    product.name === null &&
    product.price === null &&
    product.categories.length === 0;
  return isBlank ? undefined : product;
}

function listedCategories(json: string): string[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list)
      ? list
          .filter(entry => !isEmpty(entry))
          .map(String)
          .slice(0, 5)
      : [];
  } catch {
    return [];
  }
}

function given(text: string): string | null {
  const plain = trimmed(text);
  return plain === '' ? null : plain;
}
