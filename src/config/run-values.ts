import { z } from 'zod';
import { parseRate, ratePattern } from './rate.ts';
import { duration, whole } from './value-types.ts';

/** What both a run and a target of its own can say. */
export const rate = z
  .string({ error: 'must be a rate such as 50000/day, 600/h, 100/min, 10/s, or max' })
  .regex(ratePattern, 'must be a rate such as 50000/day, 600/h, 100/min, 10/s, or max')
  .transform(parseRate)
  .refine(parsed => parsed === 'max' || (parsed > 0 && parsed <= 1_000_000), {
    error: 'must be above 0 and at most 1000000/s',
  });

/** A visit of minutes is in flight for minutes under the real clock: at 1000 a second that is a million. */
export const concurrency = whole(1, 2_000_000);
export const connections = whole(1, 65_535);
export const transport = z.enum(['single', 'bulk']);
export const method = z.enum(['get', 'post']);
export const batchSize = whole(1, 10_000);
export const timeout = duration(0.001, 3600);

const workersRule = 'must be a number from 1 to 256, or auto';
export const workers = z
  .union([z.int(), z.string().regex(/^(auto|\d{1,3})$/, workersRule)], { error: workersRule })
  .transform(given => (given === 'auto' ? given : Number(given)))
  .refine(given => given === 'auto' || (given >= 1 && given <= 256), workersRule);

/** Hours of a day or of a week. */
export const curve = z
  .array(z.number().min(0).max(1_000_000))
  .refine(({ length }) => length === 24 || length === 168, 'must have 24 or 168 numbers')
  .refine(weights => weights.some(weight => weight > 0), 'must have a number above 0');
