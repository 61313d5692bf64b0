import type { Assessment } from './assessment.ts';
import { hostOf } from './cause.ts';
import type { SideBySide } from './visit-difference.ts';

/** What a walk over all visits tells, before single ones are looked at. */
export interface Survey {
  /** Visits of which something is missing that was accepted. */
  readonly lacking: number;
  /** Hits whose answer never came, and that are not there. */
  readonly openLost: number;
  /** The first of those visits, in epoch seconds. */
  readonly fromEpochSeconds: number;
  readonly shunnedHosts: ReadonlySet<string>;
}

export function surveyOf(assessments: Iterable<Assessment>): Survey {
  const hosts = new Map<string, { missing: number; recorded: number }>();
  let lacking = 0;
  let openLost = 0;
  let from = Number.POSITIVE_INFINITY;
  let missing = 0;
  let present = 0;
  for (const { visit, expected, recorded, matched, settled, difference } of assessments) {
    const lost = settled.filter(hit => !hit.recorded).length;
    openLost += lost;
    const isLacking =
      expected !== undefined &&
      difference !== undefined &&
      (recorded.length === 0 || matched.missing.length > 0 || isShorter(difference));
    if (isLacking) lacking++;
    if (isLacking || lost > 0) from = Math.min(from, visit.firstEpochSeconds);
    if (expected === undefined) continue;
    if (recorded.length === 0) missing++;
    else present++;
    const host = hostOf(visit.hits[0]);
    if (host === undefined) continue;
    const known = hosts.get(host) ?? { missing: 0, recorded: 0 };
    known[recorded.length === 0 ? 'missing' : 'recorded']++;
    hosts.set(host, known);
  }
  return {
    lacking,
    openLost,
    fromEpochSeconds: from,
    shunnedHosts: new Set(
      // Where most visits are missing, that all from one place are says nothing about the place.
      missing < present
        ? [...hosts].flatMap(([host, of]) => (of.missing > 1 && of.recorded === 0 ? [host] : []))
        : [],
    ),
  };
}

/** As without the ping at its end. */
function isShorter({ planned, recorded }: SideBySide): boolean {
  return Number(recorded[0]?.visitSeconds) < Number(planned.visitSeconds);
}
