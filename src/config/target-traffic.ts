import { nested } from './nested.ts';
import { leavesOf, rangesOf, trafficTree } from './option-tree.ts';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Settings } from './schema.ts';
import { type Setting, settingOf } from './setting.ts';
import { trafficSchema } from './traffic-schema.ts';

/** What visits are made of, less the pages. */
export type Traffic = Settings['traffic'];

type Said = ReadonlyMap<string, Entry>;

/** The keys a target says otherwise than the run, by their place in `traffic`. */
function featuresOf(target: Said): Map<string, Entry> {
  return new Map(
    [...target].flatMap(([path, entry]) =>
      path.startsWith('features.') ? [[path.slice('features.'.length), entry]] : [],
    ),
  );
}

/** The run's traffic with a target's features upon it, or undefined where that is the run's. */
export function trafficOf(run: Said, target: Said): Traffic | undefined {
  const features = featuresOf(target);
  if (features.size === 0) return undefined;
  const ofRun = (withFeatures: boolean) =>
    trafficSchema.parse(
      nested(
        leavesOf(trafficTree).flatMap(({ path }) => {
          const entry = (withFeatures ? features.get(path) : undefined) ?? run.get(`traffic.${path}`);
          return entry === undefined ? [] : [[path, entry.value] as const];
        }),
      ),
    );
  const own = ofRun(true);
  return JSON.stringify(own) === JSON.stringify(ofRun(false)) ? undefined : own;
}

/** Ranges that the run and a target's features together turn around. */
export function checkFeatureRanges(
  run: (path: string) => Setting,
  target: Said,
  label: string,
): readonly Problem[] {
  const features = featuresOf(target);
  return rangesOf(trafficTree).flatMap(range => {
    const [min, max] = (['min', 'max'] as const).map(end => {
      const leaf = range.keys.get(end);
      const path = `${range.path}.${end}`;
      const own = features.get(path);
      if (own === undefined || leaf?.kind !== 'leaf') {
        return { ...run(`traffic.${path}`), isOwn: false, path: `traffic.${path}` };
      }
      return { ...settingOf(leaf, own), isOwn: true, path: `${label}.features.${path}` };
    });
    if (min === undefined || max === undefined || !(min.isOwn || max.isOwn)) return [];
    if (typeof min.value !== 'number' || typeof max.value !== 'number' || min.value <= max.value) return [];
    const [told, other, not] = min.isOwn ? [min, max, 'above'] : [max, min, 'below'];
    const rule = `must not be ${not} ${other.path} = ${other.value} (${originText(other.origin)})`;
    return [{ path: told.path, value: told.value, rule, from: originText(told.origin) }];
  });
}
