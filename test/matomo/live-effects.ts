import type { ContractCase, Row } from '../contract/contract.ts';
import { send } from '../contract/http.ts';
import type { EffectReader, Recorded } from '../contract/replay.ts';

const daySeconds = 86_400;
const sites = [1, 2, 3];

interface LiveVisit {
  idVisit: number | string;
  idSite: number | string;
  visitorId: string;
  userId?: string | null;
  visitDuration: number | string;
  actions: number | string;
  searches?: number | string;
  events?: number | string;
  visitorType: 'new' | 'returning' | 'returningCustomer';
  visitCount: number | string;
  firstActionTimestamp: number;
  lastActionTimestamp: number;
  actionDetails: { type: string | number }[];
}

/** What a real server recorded, read from its visit log through the Reporting API: visits, and rows by type. */
export function liveEffects(apiOrigin: string, token: string, now: () => number): EffectReader {
  let known = new Set<string>();
  const visitsNear = async (one: ContractCase, visitorIds: readonly string[] = []): Promise<LiveVisit[]> => {
    const base = one.timeBase === 'now' ? now() : one.timeBase;
    const day = (at: number) => new Date(at * 1000).toISOString().slice(0, 10);
    const range = `${day(base - 2 * daySeconds)},${day(base + daySeconds)}`;
    const segment = encodeURIComponent(visitorIds.map(id => `visitorId==${id}`).join(','));
    const urls = sites.map(
      site =>
        `method=Live.getLastVisitsDetails&idSite=${site}&period=range&date=${range}&filter_limit=1000&format=JSON` +
        (segment === '' ? '' : `&segment=${segment}`),
    );
    const form = { module: 'API', method: 'API.getBulkRequest', format: 'JSON', token_auth: token };
    const answer = await send(apiOrigin, {
      method: 'POST',
      path: '/index.php',
      query: null,
      form: { ...form, ...Object.fromEntries(urls.map((url, at) => [`urls[${at}]`, url])) },
      json: null,
      raw: null,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    const lists: unknown = JSON.parse(answer.body.toString());
    if (answer.status !== 200 || !Array.isArray(lists) || !lists.every(Array.isArray)) {
      throw new Error(`the Reporting API answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
    }
    return lists.flat();
  };
  return {
    async begin(one) {
      known = hasUnknownVisitor(one)
        ? new Set((await visitsNear(one)).map(visit => String(visit.idVisit)))
        : new Set();
    },
    async read(one, placeholders) {
      const ids = hasUnknownVisitor(one) ? [] : placeholders.visitorIds();
      const all = (await visitsNear(one, ids)).filter(visit => !known.has(String(visit.idVisit)));
      const visits = all.sort(
        (a, b) => a.firstActionTimestamp - b.firstActionTimestamp || Number(a.idVisit) - Number(b.idVisit),
      );
      return { effect: effectOf(visits), visitsAfter: visits.map(visitRow) } satisfies Recorded;
    },
  };
}

/**
 * Visits are looked for by the ids the case sent, which also works on a server that others use. Where the server made
 * up an id, or none was sent, all that is new counts instead: then nobody else may send anything meanwhile.
 */
function hasUnknownVisitor({ visitsAfter, steps }: ContractCase): boolean {
  return (
    visitsAfter.some(visit => visit.visitor === 'other') || !/\{\{(visitor|uid)\d/.test(JSON.stringify(steps))
  );
}

/** Live's names for rows; content is told by its number in the log. */
const columns: Record<string, string> = {
  action: 'pageviews',
  event: 'events',
  search: 'searches',
  outlink: 'outlinks',
  download: 'downloads',
  content: 'contents',
  '13': 'contents',
  ecommerceOrder: 'orders',
  ecommerceAbandonedCart: 'carts',
  goal: 'goalConversions',
};

function effectOf(visits: readonly LiveVisit[]): Record<string, number> {
  const effect: Record<string, number> = { visits: visits.length, actions: 0 };
  for (const column of new Set(Object.values(columns))) effect[column] = 0;
  for (const { type } of visits.flatMap(visit => visit.actionDetails)) {
    const column = columns[type] ?? `rows of type ${type}`;
    effect[column] = (effect[column] ?? 0) + 1;
    if (!['orders', 'carts', 'goalConversions'].includes(column)) effect.actions = (effect.actions ?? 0) + 1;
  }
  return effect;
}

function visitRow(visit: LiveVisit): Row {
  return {
    actions: Number(visit.actions),
    totalTimeSeconds: Number(visit.visitDuration),
    returning: ['new', 'returning', 'returningCustomer'].indexOf(visit.visitorType),
    visitCount: Number(visit.visitCount),
    firstActionOffset: visit.firstActionTimestamp,
    lastActionOffset: visit.lastActionTimestamp,
    site: Number(visit.idSite),
    visitor: visit.visitorId,
    events: Number(visit.events ?? 0),
    searches: Number(visit.searches ?? 0),
    userId: visit.userId || null,
  };
}
