import { z } from 'zod';
import { backfillSchema } from './backfill-schema.ts';
import { funnelListSchema } from './funnel-schema.ts';
import { metricsSchema } from './metrics-schema.ts';
import { type OptionMeta, option } from './option.ts';
import { visitsPerDay } from './rate.ts';
import {
  batchSize,
  concurrency,
  connections,
  curve,
  method,
  rate,
  timeout,
  transport,
} from './run-values.ts';
import { stages } from './stages.ts';
import { type Target, targetSchema } from './target-schema.ts';
import { trafficSchema } from './traffic-schema.ts';
import { duration, range, seriesName, timezone, whole } from './value-types.ts';

/** Visitors are numbered with ten hexadecimal digits (rules of the visitor id), so there are not more visits. */
const mostVisits = 2 ** 40 - 1;

const shard = z
  .string({ error: 'must be K/N, such as 1/4' })
  .regex(/^\d{1,6}\/\d{1,6}$/, 'must be K/N, such as 1/4')
  .transform(text => {
    const [number = 0, count = 0] = text.split('/').map(Number);
    return { number, count };
  })
  .refine(({ number, count }) => number >= 1 && number <= count, 'must be K/N with K from 1 to N');

const isoInstant = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds of the epoch. */
const instant = z
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

const text = z.string().min(1);

/**
 * All that YAML files, presets, variables and flags can say. Types, defaults, messages, variable names,
 * flags, the JSON Schema and the reference page come from here.
 */
export const settingsSchema = z.strictObject({
  description: option(text.optional(), {
    group: 'what',
    env: 'none',
    description: 'what a preset is for, as `presets list` shows it',
  }),
  preset: option(text.optional(), {
    group: 'what',
    flag: '--preset <name|file>',
    description: 'shipped preset, a YAML file, or a legacy .env file, to start from',
  }),
  seed: option(whole(0, Number.MAX_SAFE_INTEGER).optional(), {
    group: 'what',
    flag: '--seed <number>',
    description: 'what everything drawn is drawn from',
    otherwise: 'drawn and reported',
  }),
  runId: option(
    z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or dashes')
      .optional(),
    {
      group: 'what',
      flag: '--run-id <id>',
      description: 'name of the run, new on a site for ever: order ids carry it',
      otherwise: 'drawn and reported',
    },
  ),
  startAt: option(instant.optional(), {
    group: 'what',
    flag: '--start-at <time>',
    only: 'run',
    description: 'when the first visit is due, with time zone or in milliseconds of the epoch',
    otherwise: 'when the run is started',
  }),
  shard: option(shard.optional(), {
    group: 'what',
    flag: '--shard <k/n>',
    only: 'run',
    description: 'which part of the plan this process runs',
    otherwise: 'all of it',
  }),

  target: targetSchema.prefault({}),
  targets: option(z.array(targetSchema).optional(), {
    group: 'where',
    flag: '--target <spec>',
    env: 'none',
    repeatable: true,
    description: 'one of several targets: name=a,url=…,site=1,weight=3,token-env=VAR; give it again for each',
  }),
  distribution: option(z.enum(['split', 'mirror', 'independent', 'failover']).default('split'), {
    group: 'where',
    flag: '--distribution <split|mirror|independent|failover>',
    description:
      'which targets get a visit: one by weight, all of them, each its own, or the first that is healthy',
  }),
  whenDown: option(z.enum(['skip', 'reroute', 'abort']).default('skip'), {
    group: 'where',
    flag: '--when-down <skip|reroute|abort>',
    description:
      "what becomes of a target's visits while it is down: counted as skipped, given to the healthy ones, or the end of the run",
  }),
  allowSameSite: option(z.boolean().default(false), {
    group: 'where',
    description: 'let two targets be the same site of the same server',
  }),
  timeout: option(timeout.prefault('30s'), {
    group: 'where',
    flag: '--timeout <time>',
    description: 'until the end of an answer',
  }),
  connectTimeout: option(timeout.prefault('10s'), {
    group: 'where',
    description: 'until a connection stands',
  }),
  connections: option(connections.optional(), {
    group: 'where',
    flag: '--connections <number>',
    description: 'connections to each server',
    otherwise: 'as many as visits in flight, up to 128',
  }),

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

  clock: option(z.enum(['compressed', 'real']).default('compressed'), {
    group: 'how',
    flag: '--clock <compressed|real>',
    only: 'run',
    description: 'compressed: a visit of minutes is sent in seconds; real: each hit when it happens',
  }),
  pause: range(
    {
      group: 'how',
      flag: '--pause <seconds|min-max>',
      only: 'run',
      description: "seconds between a visit's hits under the compressed clock",
      min: { legacy: { name: 'PAUSE_BETWEEN_PVS_MIN', min: 0.1, max: 60 } },
      max: { legacy: { name: 'PAUSE_BETWEEN_PVS_MAX', min: 0.1, max: 60 } },
    },
    z.number().min(0).max(1800),
    { min: 0.5, max: 2 },
  ),
  transport: option(transport.default('single'), {
    group: 'how',
    flag: '--transport <single|bulk>',
    description: 'one request a hit, or many hits a request',
  }),
  method: option(method.default('get'), {
    group: 'how',
    flag: '--method <get|post>',
    description: 'how a single hit travels; one with a token is always a POST',
  }),
  batchSize: option(batchSize.default(100), {
    group: 'how',
    flag: '--batch-size <hits>',
    description: 'hits a bulk request',
  }),
  drainTimeout: option(duration(0, 3600).optional(), {
    group: 'how',
    flag: '--drain-timeout <time>',
    description: 'how long a stopped run may finish the visits in flight',
    otherwise: '30s after SIGINT, 8s after SIGTERM',
  }),

  timezone: option(timezone.default('CET'), {
    group: 'traffic',
    env: 'TIMEZONE',
    description: 'time zone of the visits and of the daily cap',
  }),
  pages: option(text.optional(), {
    group: 'traffic',
    env: 'URLS_FILE',
    file: true,
    description: 'page list: one URL a line, then a tab or two spaces and a title',
    otherwise: 'a generated site of 2,000 pages',
  }),
  events: option(
    z
      .union([text, z.looseObject({})], { error: 'must be the name of a file, or events written out' })
      .optional(),
    {
      group: 'traffic',
      env: 'EVENTS_FILE',
      file: true,
      description:
        'events of your own, as a file or written out: click_events, random_events, and the probabilities of both',
      otherwise: 'built-in clicks and behaviour',
    },
  ),
  funnels: option(funnelListSchema.optional(), {
    group: 'traffic',
    env: 'FUNNEL_CONFIG_PATH',
    description: 'funnels: names of shipped ones, files, folders, and funnels written out',
    otherwise: 'none',
  }),
  traffic: trafficSchema.prefault({}),

  backfill: backfillSchema.prefault({}),

  autoStart: option(z.boolean().default(true), {
    group: 'start',
    env: 'AUTO_START',
    description: 'begin at once; false: wait until the start signal file exists',
  }),
  startSignalFile: option(text.default('/app/data/loadgen.start'), {
    group: 'start',
    env: 'START_SIGNAL_FILE',
    file: true,
    description: 'file that is waited for and removed when it is there',
  }),
  startCheckInterval: option(duration(0.05, 3600).prefault('2s'), {
    group: 'start',
    env: 'START_CHECK_INTERVAL',
    description: 'how often the start signal file is looked for',
  }),

  verify: option(z.boolean().default(false), {
    group: 'result',
    flag: '--verify',
    description:
      'ask each target at the end whether it recorded what was planned; needs a token that may view it',
  }),
  wait: option(duration(0, 86_400).prefault('60s'), {
    group: 'result',
    flag: '--wait <time>',
    description: 'how long verification waits for what a server has not recorded yet',
  }),
  strict: option(z.boolean().default(false), {
    group: 'result',
    flag: '--strict',
    description:
      "let verification count names from the server's own lists, too: browsers, devices, referrers",
  }),
  report: option(text.optional(), {
    group: 'result',
    flag: '--report <file>',
    file: true,
    description: 'write the report to this JSON file',
    otherwise: 'no file',
  }),
  metrics: metricsSchema.prefault({}),
  junit: option(text.optional(), {
    group: 'result',
    flag: '--junit <file>',
    file: true,
    description: 'write a test case for all that can pass or fail to this JUnit file',
    otherwise: 'no file',
  }),
  series: option(seriesName.optional(), {
    group: 'result',
    flag: '--series <file>',
    file: true,
    description: 'write the run over time, in all and by target, to this .csv or .ndjson file',
    otherwise: 'no file',
  }),
  hits: option(text.optional(), {
    group: 'result',
    flag: '--hits <file>',
    only: 'run',
    file: true,
    description: 'write every hit and what became of it to this NDJSON file while the run goes on',
    otherwise: 'no file',
  }),
  logLevel: option(z.enum(['debug', 'info', 'warn', 'error']).default('info'), {
    group: 'result',
    flag: '--log-level <debug|info|warn|error>',
    env: 'LOG_LEVEL',
    synonyms: {
      DEBUG: 'debug',
      INFO: 'info',
      WARNING: 'warn',
      WARN: 'warn',
      ERROR: 'error',
      CRITICAL: 'error',
    },
    description: 'what is logged',
  }),
  logFormat: option(z.enum(['text', 'json']).default('text'), {
    group: 'result',
    flag: '--log-format <text|json>',
    description: 'how it is logged',
  }),
});

function flagOnly<T extends z.ZodType>(schema: T, meta: OptionMeta): T {
  return option(schema, { ...meta, env: 'none' });
}

/** What holds for one command line only and so has no variable and no place in a file. */
const commandLineSchema = z.strictObject({
  config: flagOnly(text.optional(), {
    group: 'what',
    flag: '--config <file>',
    description: 'configuration file',
    otherwise: 'trafficinator.yaml, if there is one',
  }),
  envFile: flagOnly(text.optional(), {
    group: 'what',
    flag: '--env-file <file>',
    description: 'file of variables',
    otherwise: '.env, if there is one',
  }),
  collector: flagOnly(z.boolean().default(false), {
    group: 'where',
    flag: '--collector',
    description: 'send to an embedded collector: no server needed',
  }),
  skipValidation: flagOnly(z.boolean().default(false), {
    group: 'where',
    flag: '--skip-validation',
    description: 'do not validate the server first; the token is still asked about once',
  }),
  yes: flagOnly(z.boolean().default(false), {
    group: 'where',
    flag: '--yes',
    description: 'fill the statistics of a site that has other visits too, without being asked',
  }),
  resume: flagOnly(z.boolean().default(false), {
    group: 'backfill',
    flag: '--resume',
    only: 'backfill',
    description: 'go on where a journal ends, without losing or doubling a visit',
  }),
  force: flagOnly(z.boolean().default(false), {
    group: 'backfill',
    flag: '--force',
    only: 'backfill',
    description: 'begin anew although there is a journal, which is kept: fills the days a second time',
  }),
  invalidate: flagOnly(z.boolean().default(false), {
    group: 'backfill',
    flag: '--invalidate',
    only: 'backfill',
    description: 'ask the server at the end to make the reports of these days anew; needs admin access',
  }),
  json: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--json',
    description: 'report on stdout as JSON',
  }),
  quiet: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--quiet',
    description: 'nothing on stderr but errors',
  }),
  progress: flagOnly(z.boolean().default(true), {
    group: 'result',
    flag: '--no-progress',
    description: 'no live view',
  }),
  color: flagOnly(z.boolean().default(true), {
    group: 'result',
    flag: '--no-color',
    description: 'no colours',
  }),
  dryRun: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--dry-run',
    description: 'print the visits, one JSON line each, and send nothing',
  }),
  summary: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--summary',
    description: 'with --dry-run: print only the totals of the plan',
  }),
});

/** Everything a command can be given. */
export const configSchema = z.strictObject({ ...settingsSchema.shape, ...commandLineSchema.shape });

/** Everything in effect, parsed: durations in seconds, rates in visits a second. */
export type Settings = Omit<z.output<typeof configSchema>, 'targets'> & {
  /** All targets, one at least. `target` is the first of them, whoever named it. */
  readonly targets: readonly Target[];
};
