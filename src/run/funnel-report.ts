import type { Funnel } from '../traffic/funnel.ts';
import { addFunnelCounts, type FunnelCounts } from '../traffic/funnel-counts.ts';
import type { FunnelProgress, FunnelReport } from './report.ts';

/** What became of the visits of each funnel that may run, those included that none went through. */
export function funnelReports(
  funnels: readonly Funnel[],
  planned: FunnelCounts,
  sent: FunnelCounts,
): readonly FunnelReport[] {
  const running = funnels
    .filter(({ enabled }) => enabled)
    .sort((one, other) => one.priority - other.priority);
  return running.map(({ name, steps }) => ({
    name,
    ...progressOf(planned, name, steps.length),
    sent: progressOf(sent, name, steps.length),
  }));
}

/** Funnels of several targets as one list. Those of one name are taken for one, and have its most steps. */
export function withoutRepeats(funnels: readonly Funnel[]): readonly Funnel[] {
  const byName = new Map<string, Funnel>();
  for (const funnel of funnels) {
    const known = byName.get(funnel.name);
    if (known === undefined || known.steps.length < funnel.steps.length) byName.set(funnel.name, funnel);
  }
  return [...byName.values()];
}

export function sumOfCounts(all: readonly FunnelCounts[]): FunnelCounts {
  const sum: FunnelCounts = new Map();
  for (const counts of all) addFunnelCounts(sum, counts);
  return sum;
}

function progressOf(counts: FunnelCounts, name: string, steps: number): FunnelProgress {
  const count = counts.get(name);
  return {
    began: count?.began ?? 0,
    steps: Array.from({ length: steps }, (_, step) => count?.steps[step] ?? 0),
    finished: count?.finished ?? 0,
  };
}
