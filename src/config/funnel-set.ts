import type { LoadedFunnel } from './funnel-file.ts';
import type { Problem } from './origin.ts';

/** What must hold between funnels that are used together. */
export interface FunnelSetCheck {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Sums of decimals such as 0.35 + 0.25 + 0.4 are rarely exact. */
const ROUNDING = 1e-9;

/**
 * Names are unique, because reports go by them. The probabilities of one priority are shares of the visits that come
 * to it, so they add up to 1 at most. Funnels of another priority are tried with what is left over, whose sum says
 * nothing; one that nothing is left for is warned of.
 */
export function checkFunnelSet(funnels: readonly LoadedFunnel[]): FunnelSetCheck {
  return {
    problems: [...sameNames(funnels), ...impossibleSums(funnels)],
    warnings: neverReached(funnels),
  };
}

/**
 * The funnels of a file of the Python Trafficinator, which tried all of them one after another and did not mind what
 * those of one priority add up to. Where that is more than 1 each gets a priority of its own, and so they are tried
 * in the same order with the same outcome.
 */
export function inLegacyOrder(funnels: readonly LoadedFunnel[]): {
  readonly funnels: readonly LoadedFunnel[];
  readonly warnings: readonly string[];
} {
  const sums = sumsAboveOne(funnels);
  if (sums.length === 0) return { funnels, warnings: [] };
  const inTurn = [...funnels].sort((one, other) => one.definition.priority - other.definition.priority);
  return {
    funnels: inTurn.map(({ definition, from }, priority) => ({
      definition: { ...definition, priority },
      from,
    })),
    warnings: sums.map(
      ({ last, priority, sum, names }) =>
        `${last.from}: the probabilities of funnels of priority ${priority} add up to ${sum}: ${names}. They are tried one after another, as the Python Trafficinator did, each with a priority of its own`,
    ),
  };
}

function sameNames(funnels: readonly LoadedFunnel[]): Problem[] {
  const first = new Map<string, LoadedFunnel>();
  return funnels.flatMap(funnel => {
    const { name } = funnel.definition;
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, funnel);
      return [];
    }
    return [
      {
        path: 'name',
        value: name,
        rule: `is also the name of the funnel at ${other.from}`,
        from: funnel.from,
      },
    ];
  });
}

function impossibleSums(funnels: readonly LoadedFunnel[]): Problem[] {
  return sumsAboveOne(funnels).map(({ last, priority, sum, names }) => ({
    path: 'probability',
    value: last.definition.probability,
    rule: `must add up to 1 at most among funnels of priority ${priority}, and they add up to ${sum}: ${names}`,
    from: last.from,
  }));
}

/** Probabilities of one priority that are more than all visits, as they are told. */
interface SumAboveOne {
  readonly priority: number;
  readonly sum: string;
  readonly names: string;
  readonly last: LoadedFunnel;
}

function sumsAboveOne(funnels: readonly LoadedFunnel[]): SumAboveOne[] {
  const byPriority = new Map<number, LoadedFunnel[]>();
  for (const funnel of enabled(funnels)) {
    const { priority } = funnel.definition;
    byPriority.set(priority, [...(byPriority.get(priority) ?? []), funnel]);
  }
  return [...byPriority].flatMap(([priority, equals]) => {
    const sum = equals.reduce((total, { definition }) => total + definition.probability, 0);
    const last = equals.at(-1);
    if (sum <= 1 + ROUNDING || last === undefined) return [];
    const names = equals.map(({ definition }) => `${definition.name} ${definition.probability}`).join(', ');
    return [{ priority, sum: short(sum), names, last }];
  });
}

function neverReached(funnels: readonly LoadedFunnel[]): string[] {
  const inTurn = enabled(funnels).sort((one, other) => one.definition.priority - other.definition.priority);
  const certain = inTurn.findIndex(({ definition }) => definition.probability === 1);
  const before = inTurn[certain];
  if (before === undefined) return [];
  return inTurn
    .slice(certain + 1)
    .filter(({ definition }) => definition.probability > 0)
    .map(
      ({ definition, from }) =>
        `${from}: funnel ${definition.name} never runs: ${before.definition.name} is tried before it and has probability 1`,
    );
}

function enabled(funnels: readonly LoadedFunnel[]): LoadedFunnel[] {
  return funnels.filter(({ definition }) => definition.enabled);
}

function short(sum: number): string {
  return String(Number(sum.toPrecision(6)));
}
