import { z } from 'zod';

const isoInstant = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds of the epoch. */
export const instant = z
  .union([z.int().min(0), z.string().regex(isoInstant), z.string().regex(/^\d{1,16}$/)], {
    error: 'must be a date and time with zone, such as 2025-06-01T12:00:00Z, or milliseconds of the epoch',
  })
  .transform(epochMs)
  .refine(time => time >= 0 && time <= 8.64e15, 'must be a date and time that exists');

/** NaN for a day that its month does not have: `Date.parse` takes 30 February for 2 March. */
function epochMs(given: number | string): number {
  const [iso, year, month, day] = isoInstant.exec(String(given)) ?? [];
  if (iso === undefined) return Number(given);
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return isDay ? Date.parse(iso) : Number.NaN;
}
