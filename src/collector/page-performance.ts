import { BrokenHit, InvalidHit } from './refusal.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { PageTimings, Visit } from './visit.ts';

const timingParameters = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'] as const;
/** What the column holds; a longer time of a page view is dropped. */
const longestMs = 16_777_215;
const notGiven = -1;

/**
 * The timings a page view brings along, undefined where it brings none.
 *
 * @throws InvalidHit for a negative one, -1 excepted, which says "unknown"
 */
export function timingsOfPageview({ parameters }: TrackedHit): PageTimings | undefined {
  const timings = timingParameters.map(name => {
    const ms = parameters.whole(name, notGiven);
    if (ms < notGiven) throw new InvalidHit(`${name} must not be negative`);
    return ms === notGiven || ms > longestMs ? null : ms;
  });
  return timings.some(ms => ms !== null) ? timings : undefined;
}

/**
 * Hits that are no page view bring timings for the page view with their `pv_id` in the same visit.
 *
 * @throws BrokenHit for a time the column cannot hold: unlike a page view's own it is not looked at before
 */
export function addTimings({ parameters }: TrackedHit, visit: Visit): void {
  const pageViewId = parameters.text('pv_id');
  if (pageViewId === '') return;
  const sent = timingParameters.map(name => parameters.whole(name, notGiven));
  if (sent.every(ms => ms < 0)) return;
  const page = visit.actions.find(action => action.type === 'pageview' && action.pageViewId === pageViewId);
  if (!page) return;
  if (sent.some(ms => ms > longestMs)) throw new BrokenHit('a page timing is out of range');
  page.timings = sent.map((ms, at) => (ms < 0 ? (page.timings?.[at] ?? null) : ms));
}
