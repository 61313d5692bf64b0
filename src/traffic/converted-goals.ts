import type { Hit } from './visit.ts';

/** By goal: what its conversion brings, in cents; undefined where only the site's own definition says it. */
export type ConvertedGoals = ReadonlyMap<number, number | undefined>;

/** What most visits convert. */
const none: ConvertedGoals = new Map();

/** The goals hits convert: each once a visit, with what its first conversion brings (`goal-by-url-twice`). */
export function convertedGoals(hits: readonly Hit[]): ConvertedGoals {
  let converted: Map<number, number | undefined> | undefined;
  const convert = (id: number, brings: number | undefined) => {
    converted ??= new Map();
    // What is not configured is 0 in the plan.
    if (!converted.has(id)) converted.set(id, brings === 0 ? undefined : brings);
  };
  for (const hit of hits) {
    if (hit.type === 'goal') convert(hit.deed.goalId, hit.deed.revenueCents);
    else if (hit.type === 'pageview' && hit.urlGoals !== undefined) {
      for (const { id, revenueCents } of hit.urlGoals) convert(id, revenueCents);
    }
  }
  return converted ?? none;
}
