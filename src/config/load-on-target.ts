import { arrivalShape, peakRate } from './arrivals.ts';
import type { LoadedTarget } from './load.ts';
import type { Settings } from './schema.ts';
import type { Traffic } from './target-traffic.ts';

/** Visits a second each target is to get where they are most, in the order of the targets; undefined where there is no schedule. */
export function ratesOfTargets(values: Settings): readonly (number | undefined)[] {
  const { distribution, targets } = values;
  const whole = targets.reduce((sum, { weight }) => sum + weight, 0);
  return targets.map(({ weight, rate }) => {
    const own = distribution === 'independent' ? (rate ?? values.rate) : values.rate;
    if (own === 'max') return undefined;
    const peak = peakRate(values, own);
    return distribution === 'split' ? (peak * weight) / whole : peak;
  });
}

/** How long a visit is in flight on the mean, if the server answers at once. */
export function meanVisitSeconds({ clock, pause }: Settings, { pageviews, visitMinutes }: Traffic): number {
  if (clock === 'real') return mean(visitMinutes) * 60;
  // Deeds and the closing ping come to the pageviews.
  return mean(pause) * (1.3 * mean(pageviews) + 1);
}

function mean({ min, max }: { readonly min: number; readonly max: number }): number {
  return (min + max) / 2;
}

/** Warnings of targets that will have more visits in flight than they may. */
export function tooManyInFlight(values: Settings, targets: readonly LoadedTarget[]): string[] {
  const rates = ratesOfTargets(values);
  return targets.flatMap((target, at) => {
    const visitsPerSecond = rates[at];
    if (visitsPerSecond === undefined) return [];
    const seconds = meanVisitSeconds(values, target.traffic ?? values.traffic);
    // No more can be in flight than there are.
    const expected = Math.min(
      visitsPerSecond * seconds,
      values.visits === 0 ? Number.POSITIVE_INFINITY : values.visits,
    );
    const cap = target.values.concurrency ?? values.concurrency;
    if (expected <= cap) return [];
    const whose = targets.length === 1 ? '' : ` on ${target.name}`;
    const most = arrivalShape(values)?.over === undefined ? '' : 'up to ';
    const sum = `${most}${short(visitsPerSecond)} visits a second${whose}, each of ${short(seconds)} s`;
    const consequence =
      values.overflow === 'drop' ? 'the others are dropped' : 'the others wait and are late';
    return [
      `${sum}, are ${short(Math.ceil(expected))} in flight, and concurrency is ${short(cap)}: ${consequence}`,
    ];
  });
}

function short(number: number): string {
  return number.toLocaleString(
    'en',
    number < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 1 },
  );
}
