import { z } from 'zod';
import { option } from './option.ts';
import { visitsPerDay } from './rate.ts';
import { concurrency, curve, rate, workers } from './run-values.ts';
import { stages } from './stages.ts';
import { duration, whole } from './value-types.ts';

/** Visitors are numbered with ten hexadecimal digits (rules of the visitor id), so there are not more visits. */
const mostVisits = 2 ** 40 - 1;

/** How many visits, and when they begin. */
export const amountOptions = {
  rate: option(rate.prefault('20000/day'), {
    group: 'how much',
    flag: '--rate <visits>',
    only: 'run',
    description: 'visits: 50000/day, 600/h, 100/min, 10/s, or max',
    legacy: {
      name: 'TARGET_VISITS_PER_DAY',
      min: 1,
      max: 1_000_000,
      toValue: visits => `${visits}/day`,
      fromValue: visitsPerDay,
    },
  }),
  visits: option(whole(0, mostVisits).default(0), {
    group: 'how much',
    flag: '--visits <number>',
    only: 'run',
    description: 'end after so many visits; 0: no end',
    legacy: { name: 'MAX_TOTAL_VISITS', min: 0, max: 10_000_000 },
  }),
  duration: option(duration(0, 366 * 86_400).prefault(0), {
    group: 'how much',
    flag: '--duration <time>',
    only: 'run',
    description: 'end after so long: 10m, 1h30m; 0: no end',
    legacy: {
      name: 'AUTO_STOP_AFTER_HOURS',
      min: 0,
      max: 168,
      toValue: hours => hours * 3600,
      fromValue: seconds => Number((seconds / 3600).toPrecision(12)),
    },
  }),
  maxVisitsPerDay: option(whole(0, mostVisits).default(0), {
    group: 'how much',
    env: 'MAX_VISITS_PER_DAY',
    description: 'visits a calendar day of `timezone`, then pause until its midnight; 0: no cap',
  }),
  concurrency: option(concurrency.default(50), {
    group: 'how much',
    flag: '--concurrency <visits>',
    description: 'visits in flight at once',
    legacy: { name: 'CONCURRENCY', min: 1, max: 500 },
  }),
  workers: option(workers.prefault(1), {
    group: 'how much',
    flag: '--workers <number|auto>',
    only: 'run',
    description: 'threads that share the plan and `concurrency`; auto: as many as the rate needs',
  }),
  overflow: option(z.enum(['wait', 'drop']).default('wait'), {
    group: 'how much',
    flag: '--overflow <wait|drop>',
    only: 'run',
    description: 'what becomes of a visit that is due while all of them are in flight',
  }),
  arrivals: option(z.enum(['constant', 'poisson', 'curve', 'poisson-curve']).default('constant'), {
    group: 'how much',
    flag: '--arrivals <constant|poisson|curve|poisson-curve>',
    description:
      'when visits begin: evenly, at random, along the hours of a week, or at random along them; `rate` is the mean',
  }),
  curve: option(curve.optional(), {
    group: 'how much',
    description:
      "weights of the hours of a day, or of a week from Monday 00:00, in the site's zone: 24 or 168 numbers",
    otherwise: 'a week with quiet nights, peaks at lunch and in the evening, and late mornings at weekends',
  }),
  stages: option(stages.optional(), {
    group: 'how much',
    flag: '--stages <list>',
    only: 'run',
    description:
      'rates one after the other, then the end: 5m@100/min,10m@100-600/min; two rates are a line from one to the other',
    otherwise: 'one rate',
  }),
};
