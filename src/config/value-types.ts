import { z } from 'zod';
import { isKnownZone } from '../base/zone.ts';
import { durationPattern, parseDuration } from './duration.ts';
import type { LegacyVariable, OptionMeta } from './option.ts';
import { option } from './option.ts';
import { urlProblem } from './tracking-url.ts';

/** A name of something: of a file, a preset, a zone. */
export const text = z.string().min(1);

/** Both ends belong to it. */
export function whole(min: number, max: number) {
  return z.int().min(min).max(max);
}

export function probability(byDefault: number) {
  return z.number().min(0).max(1).default(byDefault);
}

/** Seconds, from `10m`, `1h30m`, `500ms` or a number of seconds. */
export function duration(minSeconds: number, maxSeconds: number) {
  const rule = 'must be a duration such as 30s, 10m, 1h30m or a number of seconds';
  return z
    .union([z.number(), z.string().regex(durationPattern, rule)], { error: rule })
    .transform(given => (typeof given === 'number' ? given : parseDuration(given)))
    .pipe(z.number().min(minSeconds).max(maxSeconds));
}

/** Of a file for a run over time: its ending says in which form. */
export const seriesName = z.string().regex(/\.(csv|ndjson)$/i, 'must end in .csv or .ndjson');

export const timezone = z
  .string()
  .refine(isKnownZone, 'must be the name of a time zone, such as Europe/Stockholm');

export const url = z.string().check(context => {
  const rule = urlProblem(context.value);
  if (rule !== undefined) context.issues.push({ code: 'custom', message: rule, input: context.value });
});

/**
 * `{min, max}`; layers may also give it as `min-max` or as one number for both. That min is not above max
 * is checked after all layers are merged (`checks.ts`), where it is known who said which.
 */
export function range(meta: OptionMeta & Ends, end: z.ZodNumber, byDefault: { min: number; max: number }) {
  const { min, max, ...shared } = meta;
  const { flag: _, ...ofEnds } = shared;
  const describe = (of: string) => `${meta.description}: ${of}`;
  return option(
    z
      .strictObject({
        min: option(end.default(byDefault.min), { ...ofEnds, ...min, description: describe('at least') }),
        max: option(end.default(byDefault.max), { ...ofEnds, ...max, description: describe('at most') }),
      })
      .prefault({}),
    shared,
  );
}

interface Ends {
  readonly min: { readonly env?: string; readonly legacy?: LegacyVariable };
  readonly max: { readonly env?: string; readonly legacy?: LegacyVariable };
}

/** `5-10`, `0.5 - 2` or one number. */
export const rangePattern = /^\s*(\d+(?:\.\d+)?)\s*(?:(?:-|–)\s*(\d+(?:\.\d+)?)\s*)?$/;

/** The ends of a range's short form, or undefined if it is none. */
export function rangeEnds(given: unknown): { min: number; max: number } | undefined {
  if (typeof given === 'number') return { min: given, max: given };
  const [, min, max = min] = typeof given === 'string' ? (rangePattern.exec(given) ?? []) : [];
  return min === undefined ? undefined : { min: Number(min), max: Number(max) };
}
