import type { HitAction } from './action.ts';
import { roundedMoney } from './loose-values.ts';
import { decodeText } from './query-string.ts';
import { InvalidHit } from './refusal.ts';
import type { CollectorGoal } from './site.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { RecordedConversion, Visit } from './visit.ts';

/**
 * The goal a hit names with `idgoal`.
 *
 * @throws InvalidHit where the site has no such goal (or no longer)
 */
export function namedGoal({ parameters, site }: TrackedHit): CollectorGoal {
  const id = parameters.whole('idgoal', -1);
  const goal = site.goals.find(candidate => candidate.id === id);
  if (!goal) throw new InvalidHit(`goal ${id} does not exist`);
  return goal;
}

/**
 * Goals an action reaches by itself, converted already or not [core/Tracker/GoalManager.php: detectGoalMatch].
 *
 * @param firstActionAt when the open visit began, where there is one
 */
export function matchingGoals(
  hit: TrackedHit,
  action: HitAction,
  firstActionAt: number | undefined,
): CollectorGoal[] {
  return hit.site.goals.filter(goal => reaches(goal, action, hit, firstActionAt));
}

/**
 * The rows of the goals a hit converts. A goal that counts once is left out where the visit has it.
 *
 * @throws InvalidHit where such a one comes with an order id
 */
export function goalConversions(
  hit: TrackedHit,
  goals: readonly CollectorGoal[],
  visit: Visit,
  action: HitAction | undefined,
): RecordedConversion[] {
  const rows: RecordedConversion[] = [];
  for (const goal of goals) {
    if (!goal.allowMultiple && visit.conversions.some(row => row.type === 'goal' && row.goal === goal.id)) {
      if (!hit.parameters.isEmpty('ec_id')) throw new InvalidHit('the goal is converted already');
      continue;
    }
    const value = goal.eventValueAsRevenue ? action?.event?.value : undefined;
    const revenue = value ?? roundedMoney(hit.parameters.decimalOr('revenue', goal.revenue));
    rows.push({
      ...bareConversion,
      type: 'goal',
      at: hit.at,
      goal: goal.id,
      revenue,
      url: action?.url ?? hit.parameters.text('url'),
      pageViewId: action?.pageViewId ?? null,
    });
  }
  return rows;
}

const bareConversion = {
  order: null,
  items: null,
  subtotal: null,
  tax: null,
  shipping: null,
  discount: null,
} as const;

function reaches(
  goal: CollectorGoal,
  action: HitAction,
  hit: TrackedHit,
  firstActionAt: number | undefined,
): boolean {
  switch (goal.match) {
    case 'visit_duration':
      return firstActionAt !== undefined && (hit.at - firstActionAt) / 60 > Number(goal.pattern);
    case 'url':
      return action.type === 'pageview' && fits(goal, action.rawUrl ?? '');
    case 'title':
      return action.type === 'pageview' && fits(goal, action.title ?? '');
    case 'file':
      return action.type === 'download' && fits(goal, action.rawUrl ?? '');
    case 'external_website':
      return action.type === 'outlink' && fits(goal, action.rawUrl ?? '');
    case 'event_category':
      return action.event !== undefined && fits(goal, action.event.category);
    case 'event_action':
      return action.event !== undefined && fits(goal, action.event.action);
    case 'event_name':
      return action.event !== undefined && fits(goal, action.event.name ?? '');
    case 'manually':
      return false;
  }
}

/** A pattern counts as it is written and, where that does not fit, with its escapes decoded. */
function fits(goal: CollectorGoal, text: string): boolean {
  return fitsPattern(goal, goal.pattern, text) || fitsPattern(goal, decodeText(goal.pattern), text);
}

function fitsPattern(
  { patternType, caseSensitive = false }: CollectorGoal,
  pattern: string,
  text: string,
): boolean {
  const [wanted, given] = caseSensitive ? [pattern, text] : [pattern.toLowerCase(), text.toLowerCase()];
  switch (patternType) {
    case 'contains':
      return given.includes(wanted);
    case 'exact':
      return given === wanted;
    case 'regex':
      return matchesExpression(pattern, caseSensitive, text);
    case 'greater_than':
      return false;
  }
}

/** An expression that cannot be read matches nothing. */
function matchesExpression(pattern: string, caseSensitive: boolean, text: string): boolean {
  try {
    return new RegExp(pattern, caseSensitive ? '' : 'i').test(text);
  } catch {
    return false;
  }
}
