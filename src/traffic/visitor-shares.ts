import type { Visit } from './visit.ts';

/** Planned visits by what their visitors are like. Figures add up over visits and targets. */
export interface VisitorShares {
  /** ISO 3166-1 alpha-2 in lower case; without countries in the plan there is none. */
  readonly countries: Map<string, number>;
  /** `direct`, `search`, `website`, `social`, `campaign`. */
  readonly sources: Map<string, number>;
  /** `desktop`, `smartphone`, `tablet`. */
  readonly devices: Map<string, number>;
  /** As Matomo names them. */
  readonly browsers: Map<string, number>;
  /** Operating systems, as Matomo names them. */
  readonly systems: Map<string, number>;
}

export function emptyVisitorShares(): VisitorShares {
  return {
    countries: new Map(),
    sources: new Map(),
    devices: new Map(),
    browsers: new Map(),
    systems: new Map(),
  };
}

/** Runs once a visit. All names come from fixed tables, so that the maps stay small whatever a run's length. */
export function addVisitor(shares: VisitorShares, { visitor, source }: Visit): void {
  if (visitor.country !== undefined) addTo(shares.countries, visitor.country, 1);
  addTo(shares.sources, source, 1);
  addTo(shares.devices, visitor.deviceType, 1);
  addTo(shares.browsers, visitor.browser, 1);
  addTo(shares.systems, visitor.os, 1);
}

export function addVisitorShares(sum: VisitorShares, more: VisitorShares): void {
  for (const kind of Object.keys(sum) as (keyof VisitorShares)[])
    for (const [name, visits] of more[kind]) addTo(sum[kind], name, visits);
}

function addTo(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}
