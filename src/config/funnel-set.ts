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
    const rule = `must add up to 1 at most among funnels of priority ${priority}, and they add up to ${short(sum)}: ${names}`;
    return [{ path: 'probability', value: last.definition.probability, rule, from: last.from }];
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
