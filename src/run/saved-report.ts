import * as z from 'zod';
import { ExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import { isKnownZone } from '../base/zone.ts';
import type { Report } from './report.ts';

/** A report that was read from a file. */
export interface SavedReport {
  readonly report: Report;
  /** All that stands in the file, also what this version does not know: what is written back. */
  readonly json: Readonly<Record<string, unknown>>;
}

const count = z.int().min(0);
const text = z.string();
/** ISO 8601. */
const moment = text.refine(given => !Number.isNaN(Date.parse(given)), 'must be a time');
/** A moment that `Date` can tell. */
const epochMs = z.number().min(0).max(8.64e15);

/** Carried over as it is: nothing is made of it here. */
function carried<T>() {
  return z.custom<T>(value => value !== undefined, 'is missing');
}

const outcome = z.enum(['accepted', 'rejected', 'failed', 'unknown', 'skipped']);

/** A hit that was not accepted or is in doubt: in a report, and a line of the file beside it. */
export const hitException = z
  .object({ index: count, hit: count, outcome, inDoubt: z.literal(true).optional() })
  .transform(({ inDoubt, ...exception }) => (inDoubt ? { ...exception, inDoubt } : exception));

const visits = z.object({
  planned: count,
  completed: count,
  partial: count,
  failed: count,
  dropped: count,
  skipped: count,
});

const hits = z.object({
  planned: count,
  accepted: count,
  rejected: count,
  failed: count,
  unknown: count,
  skipped: count,
  unconfirmed: count,
  unaccounted: count,
});

const siteTotals = z.object({
  at: moment,
  isFresh: z.boolean(),
  days: z.record(text, z.record(text, z.number())),
});

const thresholdResult = z
  .object({
    expression: text,
    value: z.number().nullable(),
    passed: z.boolean(),
    abortedAtSeconds: z.number().optional(),
  })
  .transform(({ abortedAtSeconds, ...result }) =>
    abortedAtSeconds === undefined ? result : { ...result, abortedAtSeconds },
  );

const generatorReport = z.object({
  cpuShareMean: z.number().nullable(),
  cpuShareMax: z.number().nullable(),
  eventLoopDelayP99Ms: z.number().nullable(),
  warnings: z.array(text),
});

const target = z.object({
  name: text,
  url: z.url(),
  apiUrl: z.url(),
  siteId: z.int().min(1),
  tokenEnv: text.nullable(),
  hitsCarryToken: z.boolean(),
  timezone: text.refine(isKnownZone, 'must be a time zone'),
  clockShiftSeconds: z.number(),
  totalsBefore: siteTotals.nullable(),
  plan: carried<Report['plan']>(),
  // Reports of older versions have none.
  funnels: z.custom<Report['funnels']>().default([]),
  visits,
  hits,
  rate: carried<Report['rate']>(),
  latencyMs: carried<Report['latencyMs']>(),
  latenessMs: carried<Report['latenessMs']>(),
  series: carried<Report['series']>(),
  health: carried<Report['targets'][number]['health']>(),
  errors: carried<Report['targets'][number]['errors']>(),
  exceptions: z.array(hitException),
  exceptionsLeftOut: count,
  exceptionsFile: text.nullable(),
  taken: z.array(count),
  takenLeftOut: count,
});

const report = z.object({
  schemaVersion: z.literal(1),
  run: z.object({
    id: text,
    tag: z.string().regex(/^[0-9a-f]{6}$/, 'must be six hexadecimal digits'),
    seed: count,
    shard: text.nullable(),
    version: text,
    startEpochMs: epochMs,
    startedAt: moment,
    endedAt: moment,
    durationSeconds: z.number(),
    command: text,
    stoppedBy: z.enum(['visits', 'duration', 'signal', 'lost-targets', 'threshold', 'plan-end']),
    remaining: count.nullable(),
  }),
  config: z.record(text, z.unknown()),
  plan: carried<Report['plan']>(),
  // Reports of older versions have none.
  visitors: z
    .custom<Report['visitors']>()
    .default({ countries: {}, sources: {}, devices: {}, browsers: {}, systems: {} }),
  funnels: z.custom<Report['funnels']>().default([]),
  visits,
  hits,
  rate: carried<Report['rate']>(),
  latencyMs: carried<Report['latencyMs']>(),
  latenessMs: carried<Report['latenessMs']>(),
  series: carried<Report['series']>(),
  targets: z.array(target).min(1, 'must name a target'),
  comparison: carried<Report['comparison']>(),
  thresholds: z.array(thresholdResult),
  // Reports of older versions have none.
  generator: generatorReport.default({
    cpuShareMean: null,
    cpuShareMax: null,
    eventLoopDelayP99Ms: null,
    warnings: [],
  }),
  verification: carried<Report['verification']>(),
  exitCode: z.enum(ExitCode),
});

/** What every report has, whatever its version, and hardly any other file. */
const anyReport = z.object({ schemaVersion: z.number(), run: z.looseObject({ version: text.optional() }) });

/**
 * Reads a report that a run wrote.
 *
 * @param name of the file, for messages
 * @throws Failure FILE_INVALID
 */
export function parseReport(fileText: string, name: string): SavedReport {
  const json = jsonOf(fileText, name);
  const known = anyReport.safeParse(json).data;
  if (known === undefined) {
    throw invalid(`${name} is no report of a run`, 'A run writes one with --report FILE.');
  }
  const { schemaVersion, run } = known;
  if (schemaVersion !== 1) {
    throw invalid(
      `${name} is a report of schema version ${schemaVersion}, and this trafficinator reads version 1`,
      `Take the trafficinator that wrote it${run.version === undefined ? '' : `: ${run.version}`}.`,
    );
  }
  const parsed = report.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      `${name} is no whole report: ${issue?.path.join('.')}: ${issue?.message}`,
      'It was changed, or another version wrote it. Take the file as the run wrote it.',
    );
  }
  return { report: parsed.data, json: z.record(text, z.unknown()).parse(json) };
}

function jsonOf(fileText: string, name: string): unknown {
  try {
    return JSON.parse(fileText);
  } catch (error) {
    const trimmed = fileText.trim();
    if (trimmed === '') throw invalid(`${name} is empty`, 'A run writes a report with --report FILE.');
    if (trimmed.startsWith('{') && !trimmed.endsWith('}')) {
      throw invalid(
        `${name} is cut off: it ends in the middle of the report`,
        'Copy it again from where the run wrote it.',
        error,
      );
    }
    throw invalid(`${name} is no JSON`, 'A run writes a report with --report FILE.', error);
  }
}

function invalid(message: string, hint: string, cause?: unknown): Failure {
  return new Failure('FILE_INVALID', message, { hint, cause });
}
