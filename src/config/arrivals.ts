import { weekCurve } from '../data/week-curve.ts';
import type { ArrivalShape } from '../run/run-config.ts';
import { peakOf } from '../traffic/arrivals/curve.ts';
import type { SettingByPath } from './checks.ts';
import type { Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Settings } from './schema.ts';
import { type Setting, unusedSetting } from './setting.ts';
import type { ListedTarget } from './target-list.ts';

/** How the visits of a run lie in time; undefined: one after the other at one rate. */
export function arrivalShape({ arrivals, curve, stages }: Settings): ArrivalShape | undefined {
  const gaps = arrivals === 'poisson' || arrivals === 'poisson-curve' ? 'random' : 'even';
  if (stages !== undefined) return { gaps, over: { kind: 'stages', stages } };
  if (arrivals === 'curve' || arrivals === 'poisson-curve') {
    return { gaps, over: { kind: 'curve', weights: curve ?? weekCurve } };
  }
  return gaps === 'even' ? undefined : { gaps };
}

/** Visits a second where they are most, on the mean. @param mean the rate as configured */
export function peakRate(values: Settings, mean: number): number {
  const over = arrivalShape(values)?.over;
  switch (over?.kind) {
    case 'stages':
      return Math.max(...over.stages.flatMap(({ fromRate, toRate }) => [fromRate, toRate]));
    case 'curve':
      return mean * peakOf(over.weights);
    case undefined:
      return mean;
  }
}

/** What contradicts the way in which visits are to arrive. */
export function checkArrivals(targets: readonly ListedTarget[], setting: SettingByPath): readonly Problem[] {
  const [arrivals, rate, stages] = [setting('arrivals'), setting('rate'), setting('stages')];
  const problems: Problem[] = [];
  const isStaged = stages.value !== undefined;
  if (isStaged && (arrivals.value === 'curve' || arrivals.value === 'poisson-curve')) {
    const rule = `is not possible with arrivals ${arrivals.value} (${originText(arrivals.origin)}): both say how the rate changes`;
    problems.push({ path: 'stages', value: stages.value, rule, from: originText(stages.origin) });
  }
  const withoutMax = isStaged
    ? 'is not possible with stages, which say the rate: leave it out'
    : `is not possible with arrivals ${arrivals.value}: visits as fast as they can have no times`;
  const isPlain = !isStaged && arrivals.value === 'constant';
  if (rate.value === 'max' && !isPlain) {
    problems.push({ path: 'rate', value: 'max', rule: withoutMax, from: originText(rate.origin) });
  }
  if (setting('distribution').value !== 'independent') return problems;
  for (const { label, entries } of targets) {
    const own = entries.get('rate');
    if (own === undefined || isPlain || !(isStaged || own.value === 'max')) continue;
    const rule = isStaged ? 'is not possible with stages, which say the rate of every target' : withoutMax;
    problems.push({ path: `${label}.rate`, value: own.value, rule, from: originText(own.origin) });
  }
  return problems;
}

/** What is said of arrivals and does nothing. */
export function unusedArrivals(values: Settings, settings: readonly Setting[]): string[] {
  const unused = (path: string, why: string) => unusedSetting(settings, path, why);
  const kind = arrivalShape(values)?.over?.kind;
  return [
    ...(kind === 'stages' ? unused('rate', 'stages say the rate') : []),
    ...(kind === 'curve' ? [] : unused('curve', `arrivals is ${values.arrivals}, not curve`)),
  ];
}
