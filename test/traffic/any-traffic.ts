import fc from 'fast-check';
import { zoneOf } from '../../src/base/zone.ts';
import { campaigns } from '../../src/data/campaigns.ts';
import type { DatingRules } from '../../src/traffic/dating.ts';
import { runIdentity } from '../../src/traffic/identity.ts';
import { generatedPages } from '../../src/traffic/page-catalogue.ts';
import type { Page } from '../../src/traffic/pages.ts';
import type { RunPlan, TargetPlan } from '../../src/traffic/plan.ts';
import type {
  DimensionSettings,
  EcommerceSettings,
  GoalSettings,
  Range,
  TrafficSettings,
} from '../../src/traffic/settings.ts';
import { plainEcommerce, plainTraffic } from '../support/plain-traffic.ts';

const generated = generatedPages().slice(0, 120);
const onePage: readonly Page[] = [{ url: 'https://one.example/', title: 'The only page' }];
const oddPages: readonly Page[] = [
  { url: 'https://odd.example/', title: '' },
  { url: 'https://odd.example/a?b=c&d=%26#e', title: 'a & b = c? 100 % "quoted" \\ + plus' },
  { url: 'http://odd.example:8080/åäö/日本', title: 'Översikt – 日本語 🛒' },
  { url: 'https://other.example/a/b/c/d/e', title: "l'été" },
];

const anyProbability = fc.oneof(
  fc.constantFrom(0, 1),
  fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }),
);

/** A range of whole steps: `1599` to `29999` hundredths is what a person writes as 15.99–299.99. */
function anyRange(min: number, max: number, unit = 1): fc.Arbitrary<Range> {
  const end = fc.integer({ min, max });
  return fc.tuple(end, end).map(([one, other]) => ({
    min: Math.min(one, other) / unit,
    max: Math.max(one, other) / unit,
  }));
}

/** Off, always, or now and then: most of what is new is off in most set-ups. */
const newProbability = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.constant(1), anyProbability);

/** Also of a few cents, of many items in a narrow range, and with shipping that leaves no room. */
export const anyEcommerce: fc.Arbitrary<EcommerceSettings> = fc.record({
  probability: anyProbability,
  productViewProbability: newProbability,
  cartProbability: newProbability,
  abandonedCartProbability: newProbability,
  discountProbability: newProbability,
  discountRate: anyRange(0, 90, 100),
  orderValue: fc.oneof(anyRange(1, 50, 100), anyRange(1, 30_000, 100), anyRange(1, 1e8, 100)),
  items: fc.oneof(anyRange(1, 5), anyRange(1, 60)),
  taxRate: fc.oneof(
    fc.constantFrom(0, 0.1, 0.2, 0.25, 1),
    fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }),
  ),
  shippingRates: fc.array(
    fc.oneof(
      fc.constantFrom(0, 5.99, 9.99, 15.99),
      fc.integer({ min: 0, max: 1e6 }).map(cents => cents / 100),
    ),
    { minLength: 1, maxLength: 5 },
  ),
  currency: fc.constant('SEK'),
});

const anyGoal: fc.Arbitrary<GoalSettings> = fc.oneof(
  fc.record({
    id: fc.integer({ min: 1, max: 9 }),
    probability: newProbability,
    revenue: fc.option(anyRange(0, 100_000, 100), { nil: undefined }),
  }),
  fc.record({
    id: fc.integer({ min: 10, max: 19 }),
    probability: fc.constant(0),
    revenue: fc.option(
      fc.nat(100_000).map(cents => ({ min: cents / 100, max: cents / 100 })),
      { nil: undefined },
    ),
    matches: fc.constantFrom(
      { contains: '/', caseSensitive: false },
      { contains: '/Products/', caseSensitive: false },
      { exact: 'https://one.example/', caseSensitive: true },
      { regex: 'mtm_campaign|one\\.example/$', caseSensitive: false },
      { contains: '%C3%B6', caseSensitive: false },
    ),
  }),
);

const anyDimension: fc.Arbitrary<DimensionSettings> = fc.record({
  id: fc.integer({ min: 1, max: 9 }),
  scope: fc.constantFrom('visit' as const, 'action' as const),
  probability: newProbability,
  values: fc.array(
    fc.record({ value: fc.string({ minLength: 1, maxLength: 250 }), weight: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, maxLength: 4 },
  ),
});

const byId = { selector: ({ id }: { readonly id: number }) => id, maxLength: 4 };

/** All that the legacy variables allow, and what can be switched on besides. */
export const anyTraffic: fc.Arbitrary<TrafficSettings> = fc.record({
  campaignProbability: newProbability,
  campaigns: fc.subarray([...campaigns], { minLength: 1 }),
  referrerShares: fc.record({
    search: fc.constantFrom(0, 35),
    websites: fc.constantFrom(0, 20),
    social: fc.constantFrom(0, 15),
  }),
  shape: fc.constantFrom('flat' as const, 'long-tail' as const),
  bounceProbability: newProbability,
  loggedInProbability: newProbability,
  contentProbability: newProbability,
  contentInteractionProbability: anyProbability,
  goals: fc.uniqueArray(anyGoal, byId),
  dimensions: fc.uniqueArray(anyDimension, byId),
  pageTimings: fc.record({ probability: newProbability, scale: fc.constantFrom(0.01, 1, 100) }),
  pages: fc.constantFrom(generated.slice(0, 12), onePage, oddPages),
  pageviews: fc.oneof(
    anyRange(1, 100),
    anyRange(1, 4),
    fc.constant({ min: 1, max: 1 }),
    fc.constant({ min: 100, max: 100 }),
  ),
  visitMinutes: fc.oneof(anyRange(1, 1200, 10), anyRange(1, 20, 10), fc.constant({ min: 120, max: 120 })),
  searchProbability: anyProbability,
  outlinkProbability: anyProbability,
  downloadProbability: anyProbability,
  clickEventProbability: anyProbability,
  behaviourEventProbability: anyProbability,
  directProbability: anyProbability,
  randomizeCountries: fc.boolean(),
  ecommerce: anyEcommerce,
});

/** Everyday traffic, to be changed in the one way a test is about. */
export const usualTraffic: TrafficSettings = {
  ...plainTraffic,
  pages: generated,
  pageviews: { min: 3, max: 6 },
  visitMinutes: { min: 1, max: 8 },
  searchProbability: 0.15,
  outlinkProbability: 0.1,
  downloadProbability: 0.08,
  clickEventProbability: 0.25,
  behaviourEventProbability: 0.12,
  directProbability: 0.3,
  randomizeCountries: true,
  ecommerce: {
    ...plainEcommerce,
    probability: 0.05,
    orderValue: { min: 15.99, max: 299.99 },
    items: { min: 1, max: 5 },
    taxRate: 0.1,
    shippingRates: [0, 5.99, 9.99, 15.99],
    currency: 'SEK',
  },
};

/** Noon UTC of a Monday, far from most midnights. */
export const someNoonMs = Date.UTC(2026, 5, 1, 12);

export const usualRun: RunPlan = {
  seed: 42,
  identity: runIdentity('0123456789abcdef0123', someNoonMs),
  startEpochMs: someNoonMs,
  pauseSeconds: { min: 0.5, max: 2 },
};

export function dating(
  clock: DatingRules['clock'],
  zones: readonly string[] = [],
  serverLagSeconds = 0,
): DatingRules {
  return { clock, zones: zones.map(zoneOf), serverLagSeconds };
}

export const usualTarget: TargetPlan = { traffic: usualTraffic, dating: dating('compressed', ['UTC']) };

export const anyClock = fc.constantFrom('compressed' as const, 'real' as const);

export const anyTarget: fc.Arbitrary<TargetPlan> = fc.record({
  traffic: anyTraffic,
  dating: fc
    .tuple(
      anyClock,
      fc.subarray(['UTC', 'CET', 'America/Santiago', 'Asia/Kathmandu'], { maxLength: 2 }),
      fc.constantFrom(0, 0, 3),
    )
    .map(rules => dating(...rules)),
});

export const anyRun: fc.Arbitrary<RunPlan> = fc
  .record({
    seed: fc.maxSafeNat(),
    runId: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    startEpochMs: fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) }),
    pauseSeconds: anyRange(1, 600, 10),
  })
  .map(({ runId, ...rest }) => ({ ...rest, identity: runIdentity(runId, rest.startEpochMs) }));

export const anyIndex = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 40 - 1 }));

/** As arrivals give it: ms with microseconds, or none under rate `max`. */
export const anyStart = fc.option(
  fc.integer({ min: 0, max: 86_400_000_000 }).map(microseconds => microseconds / 1000),
);
