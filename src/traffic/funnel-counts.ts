import type { Visit } from './visit.ts';

/** How many visits came how far through a funnel. Figures add up over visits and targets. */
export interface FunnelCount {
  began: number;
  /** By step, how many reached it; the first is `began`. */
  readonly steps: number[];
  finished: number;
}

/** By the name of the funnel. */
export type FunnelCounts = Map<string, FunnelCount>;

export function addPassage(counts: FunnelCounts, { journey, funnel }: Visit): void {
  if (funnel === undefined) return;
  const count = countOf(counts, journey);
  count.began++;
  for (let step = 0; step < funnel.steps.length; step++) addTo(count.steps, step, 1);
  if (funnel.isFinished) count.finished++;
}

/** Counts the steps that are a hit of a visit: more than one where a step has none of its own. */
export function addStepsOfHit(counts: FunnelCounts, { journey, funnel }: Visit, hit: number): void {
  if (funnel === undefined) return;
  const count = countOf(counts, journey);
  const { steps, isFinished } = funnel;
  for (let step = 0; step < steps.length; step++) {
    if (steps[step] !== hit) continue;
    addTo(count.steps, step, 1);
    if (step === 0) count.began++;
    if (isFinished && step === steps.length - 1) count.finished++;
  }
}

export function addFunnelCounts(sum: FunnelCounts, more: FunnelCounts): void {
  for (const [name, { began, steps, finished }] of more) {
    const count = countOf(sum, name);
    count.began += began;
    for (const [step, visits] of steps.entries()) addTo(count.steps, step, visits);
    count.finished += finished;
  }
}

function countOf(counts: FunnelCounts, name: string): FunnelCount {
  let count = counts.get(name);
  if (count === undefined) {
    count = { began: 0, steps: [], finished: 0 };
    counts.set(name, count);
  }
  return count;
}

function addTo(figures: number[], at: number, more: number): void {
  while (figures.length <= at) figures.push(0);
  figures[at] = (figures[at] ?? 0) + more;
}
