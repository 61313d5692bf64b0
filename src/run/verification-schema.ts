import * as z from 'zod';
import { moment } from './moment-schema.ts';

const count = z.int().min(0);
const text = z.string();
const number = z.number();

const figure = z
  .object({
    name: text.describe('`visits`, `actions`, `revenue`, `country se`, …'),
    planned: number.describe('what was accepted, and what of the unknown turned out to be recorded'),
    recorded: number.describe('what the server has'),
  })
  .meta({ id: 'figure', description: 'a figure, planned beside recorded' });

const fields = z.record(text, z.union([text, number, z.null()]));

const cause = z
  .enum([
    'lost',
    'doubled',
    'merged-by-fingerprint',
    'dropped-as-bot',
    'referrer-spam',
    'split-at-midnight',
    'split',
    'queued',
    'excluded',
    'unknown',
  ])
  .describe('the likely cause, as far as what was recorded tells one');

const verifiedTarget = z
  .object({
    name: text.describe('of the target'),
    result: z.enum(['equal', 'different', 'not-comparable']).describe('whether it recorded what it accepted'),
    reason: text.nullable().describe('why it is not comparable, in words; null where it is'),
    figures: z.array(figure).describe('all that were compared'),
    differences: z.array(figure).describe('those of them that differ'),
    names: z
      .array(figure)
      .describe(
        "browsers, devices and names of referrers: the server's own lists give them, so they count only with `--strict`",
      ),
    causes: z
      .array(z.object({ cause, visits: count.describe('how many differ for it') }))
      .describe('why visits differ, most first'),
    visits: z
      .array(
        z.object({
          index: count.describe('of the visit, in the plan'),
          visitorId: text.describe('under which the server has it'),
          cause,
          explanation: text.describe('the cause in words, with what to do where something can be done'),
          planned: fields.describe('what differs, as planned'),
          recorded: z
            .array(fields)
            .describe('the same of each visit the server has of this visitor; none where it is missing'),
        }),
      )
      .describe('the first visits that differ, in the order of the plan, up to 100'),
    visitsLeftOut: count.describe('those beyond'),
    settled: z
      .object({
        recorded: count.describe('hits without an answer that were recorded'),
        lost: count.describe('hits without an answer that were not'),
        hits: z
          .array(
            z.object({
              index: count.describe('of the visit'),
              hit: count.describe('of the hit in it, from 0'),
              recorded: z.boolean().describe('whether it was'),
            }),
          )
          .describe('the same one by one'),
      })
      .describe('what became of hits whose answer never came'),
    days: z
      .array(
        z.object({
          date: text.describe('`2026-01-03`'),
          planned: count.describe('visits'),
          recorded: count.describe('visits'),
        }),
      )
      .exactOptional()
      .describe('of a backfill alone: visits by day'),
  })
  .meta({ id: 'verifiedTarget', description: 'what one server recorded' });

/** What the servers recorded beside what they accepted. */
export const verification = z
  .object({
    method: z
      .enum(['visits', 'totals'])
      .describe(
        "`visits`: the run's own visits were listed and compared one by one; `totals`: how the site's totals changed",
      ),
    at: moment('when the servers were asked'),
    strict: z.boolean().describe("whether names from the server's own lists count, too"),
    passed: z
      .boolean()
      .nullable()
      .describe(
        'false: a server recorded something else; null: nothing is known to be wrong, and not all could be compared',
      ),
    targets: z.array(verifiedTarget).describe('in the order of the configuration'),
  })
  .meta({ id: 'verification', description: 'what the servers recorded beside what they accepted' });
