import type { VerifiedTarget } from '../run/report.ts';

/** A target of which nothing was compared, with the reason in words. */
export function unverifiedTarget(name: string, reason: string): VerifiedTarget {
  return {
    name,
    result: 'not-comparable',
    reason,
    figures: [],
    differences: [],
    names: [],
    causes: [],
    visits: [],
    visitsLeftOut: 0,
    settled: { recorded: 0, lost: 0, hits: [] },
  };
}
