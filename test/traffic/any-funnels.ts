import fc from 'fast-check';
import type { Funnel, FunnelStep } from '../../src/traffic/funnel.ts';

/** What a step has that says no more than its type must. */
export const plainStep = {
  url: undefined,
  title: undefined,
  delaySeconds: { min: 0, max: 0 },
  continueProbability: 1,
} as const;

export const landing: FunnelStep = { ...plainStep, type: 'pageview', url: '/landing', title: 'Landing' };

/** A funnel that always runs, to be changed in the one way a test is about. */
export function funnelOf(more: Partial<Funnel> = {}): Funnel {
  return {
    name: 'Funnel',
    description: undefined,
    probability: 1,
    priority: 0,
    enabled: true,
    exitAfterCompletion: true,
    steps: [landing],
    ...more,
  };
}

const amount = fc.option(
  fc.integer({ min: 0, max: 1e6 }).map(cents => cents / 100),
  { nil: undefined },
);
const items = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
const word = fc.constantFrom('a', 'Übung & Co', '100 % "sure"');

const common = fc.record({
  url: fc.option(fc.constantFrom('/a', '/b?c=d', 'https://elsewhere.example/x'), { nil: undefined }),
  title: fc.option(word, { nil: undefined }),
  delaySeconds: fc
    .tuple(fc.integer({ min: 0, max: 17_990 }), fc.integer({ min: 0, max: 17_990 }))
    .map(([one, other]) => ({ min: Math.min(one, other) / 10, max: Math.max(one, other) / 10 })),
  continueProbability: fc.oneof(fc.constant(1), fc.constantFrom(0, 0.5, 0.9)),
});

const detail = fc.oneof(
  fc.record({ type: fc.constant('pageview' as const), url: fc.constantFrom('/p', '/q') }),
  fc.record({
    type: fc.constant('event' as const),
    category: word,
    action: word,
    name: word,
    value: fc.option(fc.integer(), { nil: undefined }),
  }),
  fc.record({
    type: fc.constant('search' as const),
    keyword: word,
    category: fc.option(word, { nil: undefined }),
    results: fc.option(fc.nat(30), { nil: undefined }),
  }),
  fc.record({
    type: fc.constantFrom('outlink' as const, 'download' as const),
    target: fc.constantFrom('/file.pdf', 'deep/er', 'https://other.example/'),
  }),
  fc.record({
    type: fc.constant('order' as const),
    order: fc.record({ revenue: amount, subtotal: amount, tax: amount, shipping: amount, items }),
  }),
  fc.record({ type: fc.constant('goal' as const), goalId: fc.integer({ min: 1, max: 3 }), revenue: amount }),
  fc.record({ type: fc.constant('cart' as const), total: amount, items }),
  fc.record({
    type: fc.constant('product_view' as const),
    product: fc.constantFrom(
      { sku: undefined, name: undefined, category: undefined, price: undefined },
      { sku: undefined, name: undefined, category: 'Hats', price: undefined },
      { sku: 'HAT-1', name: 'Hat', category: 'Hats', price: 19.9 },
      { sku: 'HAT-2', name: 'Cap', category: undefined, price: 0 },
    ),
  }),
  fc.record({
    type: fc.constant('content' as const),
    name: word,
    piece: word,
    target: fc.option(fc.constant('/t'), { nil: undefined }),
    interaction: fc.option(word, { nil: undefined }),
  }),
  fc.record({
    type: fc.constant('dimension' as const),
    id: fc.integer({ min: 1, max: 3 }),
    value: word,
    scope: fc.constantFrom('visit' as const, 'action' as const),
  }),
);

const anyStep: fc.Arbitrary<FunnelStep> = fc
  .tuple(common, detail)
  .map(([shared, own]) => ({ ...shared, ...own }));

/** That always runs, with steps of every kind. */
export const anyFunnel: fc.Arbitrary<Funnel> = fc
  .record({ steps: fc.array(anyStep, { maxLength: 12 }), exitAfterCompletion: fc.boolean() })
  .map(({ steps, exitAfterCompletion }) => funnelOf({ steps: [landing, ...steps], exitAfterCompletion }));
