import type { LoadedConfig } from '../config/load.ts';
import { toFunnel } from '../config/to-funnel.ts';
import { toRunConfig } from '../config/to-run-config.ts';
import { type Funnel, reachOf, sharesOf } from '../traffic/funnel.ts';
import { runIdentity } from '../traffic/identity.ts';
import { visitPlan } from '../traffic/plan.ts';
import type { Hit, Visit } from '../traffic/visit.ts';
import { aligned } from './aligned.ts';
import type { Context } from './context.ts';
import { funnelNamed, funnelsInEffect, type InEffectFlags, percent } from './funnels-in-effect.ts';

/** `trafficinator funnels preview`. */
export function previewFunnel(name: string, flags: InEffectFlags, context: Context): void {
  const { loaded, funnels, areShipped } = funnelsInEffect(flags, context);
  const chosen = funnelNamed(name, funnels);
  const funnel = toFunnel(chosen.definition);
  const config = toRunConfig(loaded, { command: 'funnels preview' });
  const visit = visitThrough(funnel, config.traffic, config.seed, loaded);
  const isInEffect = !areShipped && funnels.includes(chosen);
  context.stdout.write(
    [
      `${funnel.name}${funnel.description === undefined ? '' : `: ${funnel.description}`}`,
      shareText(funnel, isInEffect ? funnels.map(({ definition }) => toFunnel(definition)) : undefined),
      `seed ${config.seed}`,
      '',
      aligned(timeline(funnel, visit), { right: new Set([0, 1]) }).trimEnd(),
      '',
      endText(funnel, visit),
      '',
    ].join('\n'),
  );
}

/** What a visit would be, had this funnel been chosen for it. */
function visitThrough(
  funnel: Funnel,
  traffic: ReturnType<typeof toRunConfig>['traffic'],
  seed: number,
  { values }: LoadedConfig,
): Visit {
  const startEpochMs = Date.UTC(2026, 0, 1, 12);
  const run = {
    seed,
    identity: runIdentity('preview', startEpochMs),
    startEpochMs,
    pauseSeconds: values.pause,
  };
  const funnels = [{ ...funnel, enabled: true, probability: 1 }];
  // Without zones no midnight is kept clear of: times of day are no part of what is shown.
  const dating = { clock: values.clock, zones: [], serverLagSeconds: 0 };
  return visitPlan(run, { traffic: { ...traffic, funnels }, dating })(0, 0);
}

/** @param inEffect those it is tried among; undefined: it is not in effect */
function shareText(funnel: Funnel, inEffect: readonly Funnel[] | undefined): string {
  const { priority, probability, enabled } = funnel;
  const finish = `${percent(reachOf(funnel).at(-1) ?? 0)} of those come to its end`;
  const chance = `priority ${priority}, probability ${percent(probability)}`;
  if (inEffect === undefined) {
    return `${chance}; not in effect: used alone, ${percent(probability)} of the visits go through it. ${finish}`;
  }
  if (!enabled) return `${chance}; disabled: no visit goes through it. ${finish}`;
  const share = [...sharesOf(inEffect)].find(([{ name }]) => name === funnel.name)?.[1] ?? 0;
  return `${chance}: ${percent(share)} of the visits go through it, ${finish}`;
}

/** A row a hit, with the steps it is. */
function timeline(funnel: Funnel, { hits, funnel: passage }: Visit): string[][] {
  const steps = passage?.steps ?? [];
  return hits.map((hit, at) => {
    const own = steps.flatMap((of, step) => (of === at ? [step + 1] : []));
    const step = own.length === 0 ? '' : own.join(', ');
    const dimensions = own.flatMap(number => {
      const told = funnel.steps[number - 1];
      return told?.type === 'dimension' ? [`dimension ${told.id} = ${told.value}`] : [];
    });
    return [clockTime(hit.atSeconds), step, hit.type, [whatOf(hit), ...dimensions].join(', ')];
  });
}

function whatOf(hit: Hit): string {
  const address = new URL(hit.page.url);
  const page = `${address.pathname}${address.search}`;
  switch (hit.type) {
    case 'pageview': {
      const product = hit.product === undefined ? '' : `  ${hit.product.name || hit.product.category}`;
      return `${page}  ${hit.page.title}${product}`;
    }
    case 'event': {
      const value = hit.deed.value === undefined ? '' : ` = ${hit.deed.value}`;
      return `${hit.deed.category} / ${hit.deed.action} / ${hit.deed.name}${value}`;
    }
    case 'search':
      return `${hit.deed.keyword}${hit.deed.category === undefined ? '' : ` in ${hit.deed.category}`}, ${hit.deed.results} results`;
    case 'outlink':
    case 'download':
      return hit.deed.target;
    case 'order': {
      const { items, totalCents } = hit.deed.order;
      return `${names(items)}: ${money(totalCents)}`;
    }
    case 'cart':
      return `${names(hit.deed.cart.items)}: ${money(hit.deed.cart.totalCents)}`;
    case 'goal':
      return `goal ${hit.deed.goalId}${hit.deed.revenueCents === undefined ? '' : `: ${money(hit.deed.revenueCents)}`}`;
    case 'content': {
      const how = hit.deed.interaction === undefined ? 'seen' : hit.deed.interaction;
      return `${hit.deed.name} / ${hit.deed.piece}, ${how}`;
    }
    case 'ping':
      return 'the last page was read so long';
  }
}

function endText(funnel: Funnel, { hits, funnel: passage }: Visit): string {
  const reached = passage?.steps.length ?? 0;
  const onward = funnel.steps[reached - 1]?.continueProbability ?? 1;
  const leaves = `leaves the site after step ${reached} of ${funnel.steps.length}, as ${percent(1 - onward)} do there`;
  if (passage?.isFinished !== true) return `The visitor ${leaves}.`;
  if (funnel.exitAfterCompletion) return 'The visitor comes to the end, and the visit ends there.';
  const last = passage.steps.at(-1) ?? 0;
  // The closing ping follows in any case.
  return hits.length - last > 2
    ? 'The visitor comes to the end, and goes on browsing in the same visit.'
    : `The visitor comes to the end, and ${leaves}.`;
}

function names(items: readonly { readonly product: { readonly name: string } }[]): string {
  return items.map(({ product }) => product.name).join(', ');
}

function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** `0:07`, `12:30`, `1:02:03`. */
function clockTime(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}
