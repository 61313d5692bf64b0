import type { TrackedHit } from './tracked-hit.ts';
import type { Visit } from './visit.ts';

/** Nobody is taken to look at something longer [config: visit_standard_length]. */
const longestLookSeconds = 1800;

/**
 * Any hit that goes on with a visit tells how long its last action was looked at: the time since the hit before it, so
 * that the last of several hits decides.
 */
export function countLook(hit: TrackedHit, visit: Visit): void {
  const seconds = Math.min(hit.at - visit.lastActionAt, longestLookSeconds);
  const last = visit.actions.at(-1);
  if (last !== undefined && seconds > 0) last.lookSeconds = seconds;
}
