import { z } from 'zod';
import { option } from './option.ts';
import { rate } from './run-values.ts';
import { duration, whole } from './value-types.ts';

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** `2026-01-31`; `Date` alone would take 30 February for 2 March. */
const day = z
  .string({ error: 'must be a day, such as 2026-01-31' })
  .regex(dayPattern, { error: 'must be a day, such as 2026-01-31', abort: true })
  .refine(isDay, 'must be a day that exists');

export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const growthPattern = /^([+-]?\d+(?:\.\d+)?) ?% ?\/ ?week$/;
const growthRule = 'must be a percentage a week, such as 2%/week';

/** 0.02 of `2%/week`. */
const growth = z
  .union([z.literal([0, '0']), z.string().regex(growthPattern, growthRule)], { error: growthRule })
  .transform(given => Number(growthPattern.exec(String(given))?.[1] ?? 0) / 100)
  .refine(share => share > -1 && share <= 10, 'must be above -100%/week and at most 1000%/week');

/** What the visits of a day may be numbered with: more in all than anybody sends. */
const mostVisits = 2 ** 40 - 1;

/** What `backfill` takes besides what `run` takes. The variables are those of the Python Trafficinator. */
export const backfillSchema = z.strictObject({
  enabled: option(z.boolean().default(false), {
    group: 'backfill',
    env: 'BACKFILL_ENABLED',
    description: 'makes `run` a backfill, as in the Python Trafficinator',
  }),
  from: option(day.optional(), {
    group: 'backfill',
    flag: '--from <date>',
    only: 'backfill',
    env: 'BACKFILL_START_DATE',
    description: "first day, of the site's calendar: 2026-01-01",
    otherwise: '--days-back says it',
  }),
  to: option(day.optional(), {
    group: 'backfill',
    flag: '--to <date>',
    only: 'backfill',
    env: 'BACKFILL_END_DATE',
    description: 'last day, which is filled too',
    otherwise: '--days says it',
  }),
  daysBack: option(whole(1, 7298).optional(), {
    group: 'backfill',
    flag: '--days-back <number>',
    only: 'backfill',
    description: 'first day: so many days before today',
    legacy: { name: 'BACKFILL_DAYS_BACK', min: 1, max: 365 },
    otherwise: '--from says it',
  }),
  days: option(whole(1, 7298).optional(), {
    group: 'backfill',
    flag: '--days <number>',
    only: 'backfill',
    description: 'how many days from there',
    legacy: { name: 'BACKFILL_DURATION_DAYS', min: 1, max: 365 },
    otherwise: '--to says it',
  }),
  visitsPerDay: option(whole(1, mostVisits).default(2000), {
    group: 'backfill',
    flag: '--visits-per-day <number>',
    only: 'backfill',
    description: 'visits of every day; with --arrivals curve or --growth, of the mean day of the first week',
    legacy: { name: 'BACKFILL_MAX_VISITS_PER_DAY', min: 1, max: 10_000 },
  }),
  maxVisits: option(whole(0, mostVisits).optional(), {
    group: 'backfill',
    flag: '--max-visits <number>',
    only: 'backfill',
    description: 'end after so many visits, wherever that is; 0: no end',
    env: 'BACKFILL_MAX_VISITS_TOTAL',
    otherwise: 'no end; 200000 with BACKFILL_ENABLED',
  }),
  growth: option(growth.default(0), {
    group: 'backfill',
    flag: '--growth <percent>',
    only: 'backfill',
    description: 'how much more visits each week has than the one before: 2%/week',
  }),
  rate: option(rate.optional(), {
    group: 'backfill',
    flag: '--rate <visits>',
    only: 'backfill',
    description: 'send no more visits than this: 100/s, 5000/min',
    legacy: {
      name: 'BACKFILL_RPS_LIMIT',
      min: 0,
      max: 500,
      toValue: visits => (visits === 0 ? 'max' : `${visits}/s`),
    },
    otherwise: 'as fast as the server takes them',
  }),
  seed: option(whole(0, Number.MAX_SAFE_INTEGER).optional(), {
    group: 'backfill',
    description: 'seed of backfills, where --seed says no other',
    env: 'BACKFILL_SEED',
    otherwise: 'that of `seed`',
  }),
  journal: option(z.string().min(1).optional(), {
    group: 'backfill',
    flag: '--journal <file>',
    only: 'backfill',
    file: true,
    description: 'what was sent and answered, for --resume',
    otherwise: 'backfill-TARGET-FROM-TO.ndjson beside the report',
  }),
  settleAfter: option(duration(0, 3600).prefault('60s'), {
    group: 'backfill',
    flag: '--settle-after <time>',
    only: 'backfill',
    description:
      'after a break, how long to wait from the last entry of the journal before the server is asked',
  }),
  allowLong: option(z.boolean().default(false), {
    group: 'backfill',
    flag: '--allow-long',
    only: 'backfill',
    description: 'let the last day be more than 180 days after the first',
  }),
  runOnce: option(z.boolean().default(false), {
    group: 'backfill',
    env: 'BACKFILL_RUN_ONCE',
    description: 'stay idle at the end, so that a container is not started again',
  }),
});
