import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, randomStream } from '../../src/base/random.ts';
import { behaviourEvents, clickEvents, type EventTemplate } from '../../src/data/events.ts';
import { searchCategories, searchTerms } from '../../src/data/search-terms.ts';
import { browsing, type Stop } from '../../src/traffic/browsing.ts';
import type { Deed } from '../../src/traffic/deed.ts';
import type { TrafficSettings } from '../../src/traffic/settings.ts';
import { chiSquare, tally, worstBy } from '../base/chi-square.ts';
import { anyTraffic, usualTraffic } from './any-traffic.ts';

const stream = (seed: number) => randomStream(seed, Purpose.Visit, 0);
const deedsOf = (stops: readonly Stop[]) => stops.flatMap(({ deeds }) => deeds);

/** Checks a rule on what visitors of any settings do. */
function always(rule: (stops: readonly Stop[], settings: TrafficSettings) => void) {
  fc.assert(
    fc.property(fc.maxSafeNat(), anyTraffic, (seed, settings) => {
      rule(browsing(settings)(stream(seed), 'an-order', stream(seed)), settings);
    }),
  );
}

const nothing: TrafficSettings = {
  ...usualTraffic,
  searchProbability: 0,
  outlinkProbability: 0,
  downloadProbability: 0,
  clickEventProbability: 0,
  behaviourEventProbability: 0,
  ecommerce: { ...usualTraffic.ecommerce, probability: 0 },
};

/** Each deed, and the settings under which it is done in every visit and nothing else is. */
const alone: readonly (readonly [string, TrafficSettings, (deed: Deed) => boolean])[] = [
  ['a search', { ...nothing, searchProbability: 1 }, deed => deed.type === 'search'],
  ['an outlink', { ...nothing, outlinkProbability: 1 }, deed => deed.type === 'outlink'],
  ['a download', { ...nothing, downloadProbability: 1 }, deed => deed.type === 'download'],
  ['a click', { ...nothing, clickEventProbability: 1 }, deed => isEventOf(clickEvents, deed)],
  ['a behaviour', { ...nothing, behaviourEventProbability: 1 }, deed => isEventOf(behaviourEvents, deed)],
  [
    'an order',
    { ...nothing, ecommerce: { ...nothing.ecommerce, probability: 1 } },
    deed => deed.type === 'order',
  ],
];

describe('free browsing', () => {
  it('is always the same for the same stream', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), anyTraffic, (seed, settings) => {
        const browse = browsing(settings);
        expect(browse(stream(seed), 'an-order', stream(seed))).toEqual(
          browse(stream(seed), 'an-order', stream(seed)),
        );
      }),
    );
  });

  it('always opens as many pages as configured, all of the page list', () => {
    always((stops, { pageviews, pages, bounceProbability }) => {
      const isBounce = bounceProbability > 0 && stops.length === 1;
      expect(stops.length).toBeGreaterThanOrEqual(isBounce ? 1 : pageviews.min);
      expect(stops.length).toBeLessThanOrEqual(pageviews.max);
      for (const { page } of stops) expect(pages).toContain(page);
    });
  });

  it('takes each number of pages as often', () => {
    const browse = browsing({ ...nothing, pageviews: { min: 3, max: 6 } });
    const random = stream(1);
    const seen = tally(4, 20_000, () => browse(random, '', random).length - 3);
    expect(chiSquare(seen, [1, 1, 1, 1])).toBeLessThan(worstBy[3]);
  });

  it('never opens the same page twice in a row where there is another', () => {
    always((stops, { pages }) => {
      if (pages.length === 1) return;
      for (const [at, { page, product }] of stops.entries()) {
        // What a product is looked at on is a page of the product's.
        const isChosen = product !== undefined || stops[at - 1]?.product !== undefined;
        if (!isChosen) expect(page).not.toBe(stops[at - 1]?.page);
      }
    });
  });

  it('never does anything in a visit of one page', () => {
    always(stops => {
      if (stops.length === 1) expect(deedsOf(stops)).toEqual([]);
    });
  });

  it('does each thing at most once, but a click and a behaviour', () => {
    always(stops => {
      for (const type of ['search', 'outlink', 'download', 'order']) {
        expect(deedsOf(stops).filter(deed => deed.type === type).length).toBeLessThanOrEqual(1);
      }
      expect(deedsOf(stops).filter(({ type }) => type === 'event').length).toBeLessThanOrEqual(2);
    });
  });

  it('orders at the end of the last page, after all else', () => {
    always(stops => {
      const deeds = deedsOf(stops);
      const order = deeds.findIndex(({ type }) => type === 'order');
      if (order < 0) return;
      expect(order).toBe(deeds.length - 1);
      expect(stops[stops.length - 1]?.deeds.at(-1)?.type).toBe('order');
    });
  });

  it.each(alone)('does %s in every visit of more pages with probability 1', (_, settings, isIt) => {
    fc.assert(
      fc.property(fc.maxSafeNat(), seed => {
        const deeds = deedsOf(browsing(settings)(stream(seed), '', stream(seed)));
        expect(deeds.map(isIt)).toEqual([true]);
      }),
      { numRuns: 30 },
    );
  });

  it('does nothing with probability 0', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), seed => {
        expect(deedsOf(browsing(nothing)(stream(seed), '', stream(seed)))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(alone)('does %s as often as its probability says', (_, settings, isIt) => {
    const half: TrafficSettings = {
      ...usualTraffic,
      searchProbability: settings.searchProbability * 0.2,
      outlinkProbability: settings.outlinkProbability * 0.2,
      downloadProbability: settings.downloadProbability * 0.2,
      clickEventProbability: settings.clickEventProbability * 0.2,
      behaviourEventProbability: settings.behaviourEventProbability * 0.2,
      ecommerce: { ...usualTraffic.ecommerce, probability: settings.ecommerce.probability * 0.2 },
    };
    const browse = browsing(half);
    const random = stream(2);
    const seen = tally(2, 10_000, () => (deedsOf(browse(random, '', random)).some(isIt) ? 1 : 0));
    expect(chiSquare(seen, [0.8, 0.2])).toBeLessThan(worstBy[1]);
  });
});

describe('what is done on a page', () => {
  it('is an event of the tables, with a value in its range', () => {
    always(stops => {
      for (const deed of deedsOf(stops)) {
        if (deed.type === 'event') expect(isEventOf([...clickEvents, ...behaviourEvents], deed)).toBe(true);
      }
    });
  });

  it('is a download from the site of the page, by an absolute URL', () => {
    always(stops => {
      for (const { page, deeds } of stops) {
        for (const deed of deeds) {
          if (deed.type === 'download') expect(new URL(deed.target).origin).toBe(new URL(page.url).origin);
        }
      }
    });
  });

  it('is an outlink to another site, by an absolute URL', () => {
    always(stops => {
      for (const { page, deeds } of stops) {
        for (const deed of deeds) {
          if (deed.type === 'outlink') expect(new URL(deed.target).host).not.toBe(new URL(page.url).host);
        }
      }
    });
  });

  it('is a search for a known term with 0 to 25 results', () => {
    always(stops => {
      for (const deed of deedsOf(stops)) {
        if (deed.type !== 'search') continue;
        expect(searchTerms).toContain(deed.keyword);
        expect(deed.results >= 0 && deed.results <= 25 && Number.isInteger(deed.results)).toBe(true);
        if (deed.category !== undefined) expect(searchCategories).toContain(deed.category);
      }
    });
  });

  it('is a search with a category in 30 of 100', () => {
    const browse = browsing({ ...nothing, searchProbability: 1 });
    const random = stream(3);
    const hasCategory = (deed: Deed) => deed.type === 'search' && deed.category !== undefined;
    const seen = tally(2, 10_000, () => (deedsOf(browse(random, '', random)).some(hasCategory) ? 1 : 0));
    expect(chiSquare(seen, [0.7, 0.3])).toBeLessThan(worstBy[1]);
  });

  it('is an order with the id it was given', () => {
    const browse = browsing({ ...nothing, ecommerce: { ...nothing.ecommerce, probability: 1 } });
    const [deed] = deedsOf(browse(stream(4), 'run-9', stream(4)));
    expect(deed?.type === 'order' && deed.order.id).toBe('run-9');
  });
});

function isEventOf(templates: readonly EventTemplate[], deed: Deed): boolean {
  if (deed.type !== 'event') return false;
  return templates.some(
    ({ category, action, name, value }) =>
      deed.category === category &&
      deed.action === action &&
      deed.name === name &&
      (value === null
        ? deed.value === undefined
        : deed.value !== undefined && deed.value >= value.min && deed.value <= value.max),
  );
}
