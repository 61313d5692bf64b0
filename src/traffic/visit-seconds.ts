import type { Hit, Visit } from './visit.ts';

/**
 * What a hit adds to the seconds of the visit it is the last hit of, and to no other: 2 for an order, N + 2 for the
 * goal N, 1 for the view of a page whose address is a goal's, converted already or not (`seconds-order-last`,
 * `seconds-goal-manual-last`, `seconds-goal-url-again-last`).
 */
export function extraSeconds(hit: Hit): number {
  switch (hit.type) {
    case 'order':
      return 2;
    case 'goal':
      return hit.deed.goalId + 2;
    case 'pageview':
      return hit.urlGoals === undefined ? 0 : 1;
    default:
      return 0;
  }
}

/**
 * What Matomo keeps as the length of a visit whose hits arrive in order: each hit sets it anew to 1 + the time
 * since the first + the extra of its own kind. A visit of one hit has 0, unless its visitor is known: then it has the
 * extra (contract group `visit-seconds`).
 */
export function visitSeconds(visit: Visit): number {
  const last = visit.hits[visit.hits.length - 1];
  if (last === undefined) return 0;
  if (visit.hits.length === 1) return visit.returning ? extraSeconds(last) : 0;
  return 1 + last.atSeconds + extraSeconds(last);
}
