import * as z from 'zod';
import { ExitCode } from '../base/exit-codes.ts';
import { isKnownZone } from '../base/zone.ts';
import { moment } from './moment-schema.ts';
import { verification } from './verification-schema.ts';

/**
 * What a report holds: saved ones are read by it, and `docs/report.schema.json` and the tables of `docs/report.md` are
 * made from it. `report.ts` has the same as types; a report that a run makes comes out of it unchanged.
 */

const count = z.int().min(0);
const text = z.string();
const number = z.number();
/** Of 0 to 1. */
const share = z.number().min(0).max(1);

const run = z
  .object({
    id: text.describe('name of the run, given with `--run-id` or drawn'),
    tag: text
      .regex(/^[0-9a-f]{6}$/, 'must be six hexadecimal digits')
      .describe('first six digits of all its visitor ids'),
    seed: count.describe('what all random choices come from'),
    shard: text.nullable().describe('`2/3`: the second of three; null: the whole run'),
    workers: z.int().min(1).default(1).describe('threads it was sent from, with `--workers`'),
    version: text.describe('of trafficinator'),
    startEpochMs: number.min(0).max(8.64e15).describe('moment the plan begins at, epoch ms'),
    startedAt: moment('the same, as text'),
    endedAt: moment('moment the last hit was accounted for'),
    durationSeconds: number.describe('from the start to that moment'),
    command: text.describe('`run` or `backfill`'),
    stoppedBy: z
      .enum(['visits', 'duration', 'signal', 'lost-targets', 'threshold', 'plan-end'])
      .describe(
        'what ended it: so many `visits` were asked for, its `duration` was over, a `signal` came, its targets were lost, a `threshold` with `abort` was broken, or the plan had no more (`plan-end`)',
      ),
    remaining: count
      .nullable()
      .describe(
        'visits whose time had not come when the run ended; of a backfill, those that are not over; null: the plan has no end',
      ),
  })
  .meta({ id: 'run', description: 'what was run' });

/** Of what reports of older versions do not count. */
const later = count.default(0);

const plan = z
  .object({
    visits: count.describe('visits whose time came'),
    visitors: count.describe('who made them'),
    returningVisits: count.describe('visits of visitors who had been there before'),
    loggedInVisits: later.describe('visits of visitors with a user id'),
    campaignVisits: later.describe('visits whose first page is one that a campaign leads to'),
    hits: count.describe('tracking requests, or lines of bulk requests'),
    actions: count.describe("pageviews, events, searches, outlinks and downloads: Matomo's `nb_actions`"),
    bounces: count.describe('visits of at most one action'),
    visitSeconds: count.describe("sum of what Matomo keeps as a visit's length"),
    pageviews: count.describe('pageviews'),
    events: count.describe('events'),
    searches: count.describe('site searches'),
    outlinks: count.describe('clicks on outlinks'),
    downloads: count.describe('downloads'),
    contents: count.describe('content seen and interacted with'),
    contentInteractions: later.describe('of `contents`: interacted with'),
    pings: count.describe('heartbeats, which lengthen a visit'),
    productViews: later.describe('pageviews that show a product'),
    categoryViews: later.describe('pageviews that show a category'),
    timedPageviews: later.describe('pageviews that tell how long their page took'),
    visitDimensionValues: later.describe('values of custom dimensions of visits'),
    actionDimensionValues: later.describe('values of custom dimensions of hits'),
    orders: count.describe('orders'),
    carts: count.describe('carts that were left'),
    goalConversions: count.describe('conversions of goals'),
    revenue: number.describe("of orders, in the site's currency"),
    discount: number.default(0).describe('of orders: what `revenue` would be more without'),
    goalRevenue: number.describe('of goals, as far as the plan says what a conversion brings'),
    returningShare: share.describe('`returningVisits` of `visits`'),
  })
  .meta({ id: 'plan', description: 'totals of what was planned, as Matomo will show them' });

/** Visits by name, most first. */
const shares = z.record(text, count);

const visitors = z
  .object({
    countries: shares.describe('by ISO 3166-1 alpha-2 in lower case; none where the plan has no countries'),
    sources: shares.describe('by `direct`, `search`, `website`, `social`, `campaign`'),
    devices: shares.describe('by `desktop`, `smartphone`, `tablet`'),
    browsers: shares.describe('by browser, as Matomo names it'),
    systems: shares.describe('by operating system, as Matomo names it'),
  })
  .meta({ id: 'visitors', description: 'how many of the planned visits are of which kind of visitor' });

/** Of reports from before they were counted. */
const uncounted = { countries: {}, sources: {}, devices: {}, browsers: {}, systems: {} };

const progress = {
  began: count.describe('visits that began it'),
  steps: z.array(count).describe('by step, how many reached it; the first is `began`'),
  finished: count.describe('visits that came to its end'),
};

const funnel = z
  .object({
    name: text.describe('its name'),
    ...progress,
    sent: z.object(progress).describe('how far the hits came that were surely accepted'),
  })
  .meta({ id: 'funnel', description: 'a funnel: how far visits were planned to come' });

const visits = z
  .object({
    planned: count.describe('visits whose time came: the sum of the others'),
    completed: count.describe('all hits accepted'),
    partial: count.describe('some hits accepted, or not known which'),
    failed: count.describe('some hits tried, none accepted'),
    dropped: count.describe('not begun, because the in-flight cap was reached (`--overflow drop`)'),
    skipped: count.describe('no hit tried'),
  })
  .meta({ id: 'visits', description: 'what became of the visits' });

const hits = z
  .object({
    planned: count.describe('accepted + rejected + failed + unknown + skipped + unaccounted'),
    accepted: count.describe('the server said yes'),
    rejected: count.describe('the server said no'),
    failed: count.describe('surely not processed'),
    unknown: count.describe('sent, and no answer: may or may not be recorded'),
    skipped: count.describe('never sent'),
    unconfirmed: count.describe(
      'among the accepted: answered by something that counts nothing, such as a queue',
    ),
    unaccounted: count.describe('0; anything else is a bug'),
  })
  .meta({ id: 'hits', description: 'what became of the hits' });

const rate = z
  .object({
    offeredVisitsPerSecond: number.nullable().describe('as configured; null: as fast as possible'),
    achievedVisitsPerSecond: number.describe('at which visits began to be sent'),
    hitsPerSecond: number.describe('hits that were tried, over the whole run'),
  })
  .meta({ id: 'rate', description: 'how fast visits and hits were sent' });

const distribution = z
  .object({
    p50: number.describe('half of them took no longer'),
    p90: number.describe('nine in ten'),
    p95: number.describe('19 in 20'),
    p99: number.describe('99 in 100'),
    max: number.describe('the longest, exactly; the others are right within 1.6 %'),
    mean: number.describe('their mean'),
    histogram: text.describe('all of it, to be merged with others: `v1 sum max bucket:count …`'),
  })
  .meta({ id: 'distribution', description: 'a time in ms' });

const point = z
  .object({
    at: number.describe('its end, in seconds from the start of the run'),
    seconds: number.describe('its length'),
    // Reports of older versions have neither of them.
    due: count
      .nullable()
      .default(null)
      .describe('visits whose time came in it: what was offered; null: nothing has a schedule'),
    begun: count.default(0).describe('visits whose first hit went out in it'),
    visits: count.describe('visits that ended in it, without those of which nothing was tried'),
    hits: count.describe('hits tried'),
    failed: count.describe('among them those rejected, failed or unknown'),
    p50: number.nullable().describe('latency in ms, half of the hits; null: no answer came'),
    p95: number.nullable().describe('latency in ms, 19 in 20'),
    p99: number.nullable().describe('latency in ms, 99 in 100'),
    latenessP99: number.nullable().describe('lateness in ms, 99 in 100; null: nothing was due'),
    inFlight: count.describe('visits in flight at its end'),
  })
  .meta({ id: 'point', description: 'a slice of the run' });

const series = z.array(point).describe('over time: at most 600 slices, which grow with the run');

const outcome = z.enum(['accepted', 'rejected', 'failed', 'unknown', 'skipped']);

/** A hit that was not accepted or is in doubt: in a report, and a line of the file beside it. */
export const hitException = z
  .object({
    index: count.describe('of the visit, in the plan'),
    hit: count.describe('of the hit in the visit, from 0'),
    outcome: outcome.describe('what became of it'),
    inDoubt: z
      .literal(true)
      .exactOptional()
      .describe(
        "the server told how many hits it refused and not which: this one's outcome may be another's",
      ),
  })
  .meta({ id: 'exception', description: 'a hit that was not accepted or is in doubt' });

const totals = z
  .object({
    at: moment('when they were read'),
    isFresh: z.boolean().describe('whether they are of that moment; else they may be some time old'),
    days: z
      .record(text, z.record(text, number))
      .describe("by day of the site's zone (`2026-11-22`), then by figure"),
  })
  .meta({ id: 'totals', description: "a site's own totals" });

const target = z
  .object({
    name: text.describe('its name'),
    url: z.url().describe('where hits were sent'),
    apiUrl: z.url().describe('where the Reporting API is asked'),
    siteId: z.int().min(1).describe('the site there'),
    tokenEnv: text
      .nullable()
      .describe('variable that held its token; null: it had none, or one that no variable held'),
    hitsCarryToken: z
      .boolean()
      .describe('whether hits carried the token: without one no address and no country is sent'),
    timezone: text
      .refine(isKnownZone, 'must be a time zone')
      .describe("whose midnights its visits kept clear of: the site's, where that could be asked"),
    clockShiftSeconds: number.describe(
      'by how much its visits are dated earlier, because its clock is behind',
    ),
    totalsBefore: totals
      .nullable()
      .describe('what the site had recorded before the first hit; null: not asked, or not told'),
    backfill: z
      .object({
        latestEpochSeconds: number.describe('the latest date a hit could have'),
        positions: z
          .array(z.tuple([count, count]))
          .describe('visits counted from its oldest, from 0; both ends belong'),
      })
      .exactOptional()
      .describe('of a backfill alone: which of its visits the account is of'),
    plan,
    // Reports of older versions have none.
    funnels: z.array(funnel).default([]).describe('in the order they are tried in'),
    visits,
    plannedByThread: z
      .array(count)
      .exactOptional()
      .describe('of a run with `--workers`: how many of `visits.planned` were whose, thread by thread'),
    hits,
    rate,
    latencyMs: distribution
      .nullable()
      .describe('from the moment a hit was written to the end of its answer; null: there was none'),
    latenessMs: distribution
      .nullable()
      .describe('from the moment a hit was due until it was written; null: nothing was due'),
    series,
    health: z
      .object({
        state: z
          .enum(['up', 'degraded', 'down', 'refused'])
          .describe(
            'at the end. `degraded`: its last hit was lost, or it is being tried again; `refused`: it took no token',
          ),
        outages: count.describe('how often it was lost'),
      })
      .describe('whether it was there'),
    errors: z
      .array(
        z.object({
          code: text.describe('a stable code: `ECONNREFUSED`, `HTTP_429`, `TIMEOUT`, …'),
          count: count.describe('hits'),
          example: text.describe('what the server or the system said'),
        }),
      )
      .describe('why hits were not accepted: causes before their consequences, most frequent first'),
    exceptions: z.array(hitException).describe('hits that were not accepted or are in doubt, up to 10,000'),
    exceptionsLeftOut: count.describe('those beyond'),
    exceptionsFile: text
      .nullable()
      .describe('name of a file beside the report with a line for each of those; null: there is none'),
    taken: z
      .array(count)
      .describe('visits it got in the place of a target that was down, by index, up to 100,000'),
    takenLeftOut: count.describe('those beyond'),
  })
  .meta({
    id: 'target',
    description: 'one Matomo site on one server, and what became of what was sent there',
  });

/** Of each figure that targets are compared by. */
function ofFigures<T extends z.ZodType>(each: T) {
  return z.object({
    visitsPerSecond: each,
    hitsPerSecond: each,
    p50Ms: each,
    p95Ms: each,
    p99Ms: each,
    errors: each,
  });
}

const comparison = z
  .object({
    method: z
      .object({
        name: z.literal('paired block bootstrap').describe('the statistic'),
        confidence: z.literal(0.95).describe('of the intervals'),
        slices: count.describe("pairs of slices of the first target's and another's time"),
        sliceSeconds: number.describe('about so long each'),
      })
      .describe('how it was told what is more than noise'),
    targets: z
      .array(
        z.object({
          name: text.describe('of the target'),
          values: ofFigures(number.nullable()).describe('of the whole run; null: no data'),
          toFirst: ofFigures(
            z.object({
              ratio: number.nullable().describe('of the two values; null where there is none'),
              interval: z
                .tuple([number, number])
                .nullable()
                .describe("of the ratio of the slices' means; null: cannot be told, or has no end"),
              isMoreThanNoise: z.boolean().nullable().describe('null: too short to tell'),
            }),
          )
            .nullable()
            .describe('beside the first target; null for that one'),
        }),
      )
      .describe('in the order of the configuration: the others are compared with the first'),
  })
  .meta({
    id: 'comparison',
    description: 'targets that got the same traffic at the same moments, side by side',
  });

const threshold = z
  .object({
    expression: text.describe('as it is normally written: `latency.p95 < 800ms`'),
    value: number
      .nullable()
      .describe(
        'in the unit of the figure: ms for times, 0 to 1 for rates; null: no data, which is a failure',
      ),
    passed: z.boolean().describe('whether it held'),
    abortedAtSeconds: number
      .exactOptional()
      .describe('from the start, where its breach ended the run: `value` is of that moment'),
  })
  .meta({ id: 'threshold', description: 'a rule the run was held to' });

const generator = z
  .object({
    cpuShareMean: number
      .nullable()
      .describe('share of one core that the process used, over the whole run; null: too short'),
    cpuShareMax: number.nullable().describe('in the worst second; above 1 with several threads'),
    eventLoopDelayP99Ms: number.nullable().describe('by how much the process was late for itself'),
    warnings: z.array(text).describe('sentences: where this machine and not a server was the limit'),
  })
  .meta({ id: 'generator', description: 'what sending cost this machine' });

/** Of reports from before it was told. */
const untold = { cpuShareMean: null, cpuShareMax: null, eventLoopDelayP99Ms: null, warnings: [] };

export const reportSchema = z
  .object({
    schemaVersion: z
      .literal(1)
      .describe('of this form; it changes when a field goes or means something else, not when one is added'),
    run,
    config: z
      .record(text, z.unknown())
      .describe(
        'the configuration in effect, secrets as the names of their variables: enough to plan the same again',
      ),
    plan,
    visitors: visitors.default(uncounted),
    // Reports of older versions have none.
    funnels: z.array(funnel).default([]).describe('over all targets, in the order they are tried in'),
    visits,
    hits,
    rate,
    latencyMs: distribution
      .nullable()
      .describe('from the moment a hit was written to the end of its answer; null: there was none'),
    latenessMs: distribution
      .nullable()
      .describe('from the moment a hit was due until it was written; null: nothing was due'),
    series,
    targets: z.array(target).min(1, 'must name a target').describe('in the order of the configuration'),
    comparison: comparison.nullable().describe('under `mirror` with several targets; null otherwise'),
    days: z
      .array(
        z.object({
          date: text.describe('`2026-01-03`'),
          planned: count.describe('visits'),
          recorded: count
            .nullable()
            .describe(
              'visits whose hits were all accepted, in any session; once verified, those that the server has; null: not known',
            ),
        }),
      )
      .exactOptional()
      .describe("of a backfill alone: by day of the sites' calendars, oldest first, over all targets"),
    backfill: z
      .object({
        window: z
          .object({
            firstDay: text.describe('`2026-01-01`'),
            lastDay: text.describe('the last one that is filled'),
            visitsPerDay: number.describe('as asked for'),
            maxVisits: number.exactOptional().describe('in all'),
            growthPerWeek: number.describe('0.02: each week has 2 % more visits'),
          })
          .describe('days that are filled'),
        earlier: z
          .object({ visits: count.describe('visits'), hits: count.describe('hits that were tried') })
          .describe(
            'what of `plan`, `visits` and `hits` was sent in earlier sessions; times, rates and series are of the last one',
          ),
      })
      .exactOptional()
      .describe('of a backfill alone: its days and sessions'),
    thresholds: z.array(threshold).describe('in the order they were given'),
    generator: generator.default(untold),
    verification: verification
      .nullable()
      .describe('what was recorded beside what was accepted; null: not asked'),
    exitCode: z.enum(ExitCode).describe('what the process ended with: see the exit codes'),
  })
  .meta({ title: 'Report of Trafficinator' });
