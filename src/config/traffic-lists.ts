import { z } from 'zod';
import { probability, rangeEnds, whole } from './value-types.ts';

/** Ids that Matomo gives, from 1. */
const id = whole(1, 1_000_000);

const weight = z.number().min(0.001).max(1_000_000).default(1);

const word = z.string().min(1).max(200);

/** One of `campaigns`. */
export const campaign = z.strictObject({
  name: word,
  source: word.optional(),
  medium: word.optional(),
  content: word.optional(),
  keyword: word.optional(),
  style: z.enum(['mtm', 'utm']).default('mtm'),
  referrer: z.string().refine(isWebAddress, 'must be an absolute http or https URL').optional(),
  weight,
});

function isWebAddress(text: string): boolean {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: '' };
  return protocol === 'http:' || protocol === 'https:';
}

const amountRule = 'must be an amount from 0 to 1,000,000,000, or {min, max} or MIN-MAX of such';

/** An amount of money, or a range of it. */
const amount = z
  .union([z.number(), z.string(), z.strictObject({ min: z.number(), max: z.number() })], {
    error: amountRule,
  })
  .transform((given, context) => {
    const ends = typeof given === 'object' ? given : rangeEnds(given);
    if (ends !== undefined && ends.min >= 0 && ends.min <= ends.max && ends.max <= 1e9) return ends;
    context.issues.push({ code: 'custom', message: amountRule, input: given });
    return z.NEVER;
  });

const pattern = z.string().min(1).max(1024).optional();

/** As Matomo's own kinds of pattern. */
const matches = z
  .strictObject({
    contains: pattern,
    exact: pattern,
    regex: pattern.refine(isExpression, 'must be a regular expression'),
    caseSensitive: z.boolean().default(false),
  })
  .refine(
    ({ contains, exact, regex }) => [contains, exact, regex].filter(one => one !== undefined).length === 1,
    'must say one of contains, exact and regex',
  );

function isExpression(text: string | undefined): boolean {
  try {
    new RegExp(text ?? '');
    return true;
  } catch {
    return false;
  }
}

/** One of `goals`. */
export const goal = z
  .strictObject({
    id,
    probability: probability(0),
    revenue: amount.optional(),
    matches: matches.optional(),
  })
  .refine(
    ({ probability, matches }) => matches === undefined || probability === 0,
    'must not have both: a goal with matches is reached by the address of a page, and never told by its id',
  )
  .refine(
    ({ revenue, matches }) => matches === undefined || revenue === undefined || revenue.min === revenue.max,
    "must have one amount as revenue: it is what the site's definition of the goal says",
  );

const longestValue = z.string().min(1).max(250);

/** One of `dimensions`. Matomo cuts values at 250 characters. */
export const dimension = z.strictObject({
  id,
  scope: z.enum(['visit', 'action']),
  probability: probability(1),
  values: z
    .array(
      z
        .union([longestValue, z.strictObject({ value: longestValue, weight })], {
          error:
            'must be a text of 1 to 250 characters, or {value, weight} with such a text and a weight above 0',
        })
        .transform(given => (typeof given === 'string' ? { value: given, weight: 1 } : given)),
    )
    .min(1),
});

/** A list in which each id is used once. */
export function differentIds<T extends z.ZodType<{ readonly id: number }>>(row: T) {
  return z.array(row).check(context => {
    const seen = new Set<number>();
    for (const [at, { id: own }] of context.value.entries()) {
      if (seen.has(own)) {
        const message = `must be another than ${own}, which is used before`;
        context.issues.push({ code: 'custom', message, input: own, path: [at, 'id'] });
      }
      seen.add(own);
    }
  });
}
