import * as z from 'zod';
import type { Question } from './question.ts';
import { toggle } from './values.ts';

const goal = z.object({
  idgoal: z.coerce.number(),
  name: z.string(),
  /** `url`, `title`, `manually`, `event_category`, `visit_duration`, … */
  match_attribute: z.string(),
  pattern: z.string().nullish(),
  /** `contains`, `exact`, `regex`, `greater_than`. */
  pattern_type: z.string().nullish(),
  case_sensitive: toggle.default(false),
});

/** A goal of a site, as far as it says when it is reached. */
export type Goal = z.output<typeof goal>;

export function goalsQuestion(siteId: number): Question<Goal[]> {
  return {
    method: 'Goals.getGoals',
    parameters: { idSite: String(siteId), filter_limit: '-1' },
    // Keyed by id in some versions.
    answer: z.union([z.array(goal), z.record(z.string(), goal).transform(goals => Object.values(goals))]),
  };
}

const dimension = z.object({ idcustomdimension: z.coerce.number(), active: toggle });

/** Ids of the custom dimensions that are in use. */
export function dimensionsQuestion(siteId: number): Question<number[]> {
  return {
    method: 'CustomDimensions.getConfiguredCustomDimensions',
    parameters: { idSite: String(siteId), filter_limit: '-1' },
    answer: z
      .array(dimension)
      .transform(all => all.flatMap(({ idcustomdimension, active }) => (active ? [idcustomdimension] : []))),
  };
}
