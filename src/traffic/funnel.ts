import type { Random } from '../base/random.ts';
import type { Range } from './settings.ts';

/** An ordered set of steps that a share of the visits goes through. */
export interface Funnel {
  /** Unique; the journey of its visits. */
  readonly name: string;
  readonly description: string | undefined;
  /** That it runs, where no funnel tried before it does: 0–1. */
  readonly probability: number;
  /** Lower ones are tried first, equal ones in their order. */
  readonly priority: number;
  /** False: it never runs. */
  readonly enabled: boolean;
  /** False: who comes to its end goes on browsing in the same visit. */
  readonly exitAfterCompletion: boolean;
  /** At least one; the first is a pageview. */
  readonly steps: readonly FunnelStep[];
}

interface AnyStep {
  /** Absolute, or from the root of the site; undefined: the page before. */
  readonly url: string | undefined;
  /** Of its page; undefined: as the page list has it. */
  readonly title: string | undefined;
  /** After the step, 0 to 1799 s. */
  readonly delaySeconds: Range;
  /** That a visitor goes on after it; the others leave the site. */
  readonly continueProbability: number;
}

/** What a funnel does at a step. Amounts are in the currency's unit; what is undefined is drawn or follows. */
export type FunnelStep = AnyStep &
  (
    | { readonly type: 'pageview'; readonly url: string }
    | {
        readonly type: 'event';
        readonly category: string;
        readonly action: string;
        readonly name: string;
        readonly value: number | undefined;
      }
    | {
        readonly type: 'search';
        readonly keyword: string;
        readonly category: string | undefined;
        readonly results: number | undefined;
      }
    | {
        readonly type: 'outlink' | 'download';
        /** May be relative to the page. */
        readonly target: string;
      }
    | { readonly type: 'order'; readonly order: OrderWish }
    | { readonly type: 'goal'; readonly goalId: number; readonly revenue: number | undefined }
    | { readonly type: 'cart'; readonly total: number | undefined; readonly items: number | undefined }
    | { readonly type: 'product_view'; readonly product: ProductWish }
    | {
        readonly type: 'content';
        readonly name: string;
        readonly piece: string;
        /** May be relative to the page; undefined: the page. */
        readonly target: string | undefined;
        readonly interaction: string | undefined;
      }
    | {
        /** No hit of its own: it says something about others. */
        readonly type: 'dimension';
        readonly id: number;
        readonly value: string;
        readonly scope: 'visit' | 'action';
      }
  );

export interface OrderWish {
  readonly revenue: number | undefined;
  readonly subtotal: number | undefined;
  readonly tax: number | undefined;
  readonly shipping: number | undefined;
  readonly items: number | undefined;
}

/** A product, a category where it has no `sku`, or, where it has neither, one of the catalogue that is drawn. */
export interface ProductWish {
  readonly sku: string | undefined;
  readonly name: string | undefined;
  readonly category: string | undefined;
  readonly price: number | undefined;
}

/** How far a visit came through its funnel. */
export interface FunnelPassage {
  /** By step that was reached: which hit of the visit it is. */
  readonly steps: readonly number[];
  readonly isFinished: boolean;
}

/** The funnels that may run, in the order they are tried in. */
export function inTurn(funnels: readonly Funnel[]): readonly Funnel[] {
  return funnels
    .filter(({ enabled, probability }) => enabled && probability > 0)
    .sort((one, other) => one.priority - other.priority);
}

/** The funnel of a visit: each is tried in turn with its probability, and the first that hits runs. */
export function chooseFunnel(random: Random, funnelsInTurn: readonly Funnel[]): Funnel | undefined {
  return funnelsInTurn.find(({ probability }) => random.chance(probability));
}

/** By funnel: the share of all visits that go through it, exactly; 0 for those that never run. */
export function sharesOf(funnels: readonly Funnel[]): ReadonlyMap<Funnel, number> {
  const shares = new Map(funnels.map(funnel => [funnel, 0]));
  let left = 1;
  for (const funnel of inTurn(funnels)) {
    shares.set(funnel, left * funnel.probability);
    left *= 1 - funnel.probability;
  }
  return shares;
}

/** By step: the share of those who begin a funnel that come to it, exactly. */
export function reachOf({ steps }: Funnel): readonly number[] {
  let share = 1;
  return steps.map(({ continueProbability }) => {
    const here = share;
    share *= continueProbability;
    return here;
  });
}
