import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import * as z from 'zod';
import { Failure } from '../base/failure.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { BackfillWindow } from '../run/backfill/backfill-window.ts';
import type { Report, ReportedBackfill } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import { type LoadedConfig, loadConfig } from './load.ts';
import { fileText, type ReadFile, readTextFile } from './read-file.ts';
import { type Lookup, resolveReferences } from './references.ts';
import { toBackfillConfig } from './to-backfill-config.ts';
import { toRunConfig } from './to-run-config.ts';

export interface ReportSource {
  /** The report's path as the person gave it. */
  readonly file: string;
  readonly cwd: string;
  /** Finds the variables that headers refer to. */
  readonly lookup: Lookup;
  /** By target: a report holds none. Only whether hits carried one shapes the plan. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly readFile?: ReadFile;
}

export interface ReportConfig {
  readonly config: RunConfig;
  /** What a person should look at. */
  readonly warnings: readonly string[];
}

const savedTarget = z.looseObject({
  name: z.string(),
  /** References as they were given; null for what stood in the file itself, which no report holds. */
  headers: z.record(z.string(), z.string().nullable()).nullish(),
  tls: z.looseObject({ ca: z.string().optional() }).optional(),
});

/** What `effective.ts` wrote, as far as it is looked at here. */
const savedConfig = z.looseObject({
  collector: z.literal(true).optional(),
  pages: z.object({ file: z.string(), sha256: z.string() }).nullable(),
  target: savedTarget.optional(),
  targets: z.array(savedTarget).optional(),
});

type SavedConfig = z.output<typeof savedConfig>;
type SavedTarget = z.output<typeof savedTarget>;

/** Keys that say nothing about what is planned, or that are said better by the rest of the report. */
const leftOut = new Set([
  'collector',
  'preset',
  'startAt',
  'thresholds',
  'report',
  'html',
  'junit',
  'series',
  'metrics',
  'hits',
  'funnelFiles',
]);
const leftOutOfTarget = new Set(['tokenEnv', 'apiTokenEnv', 'headers']);

/** What messages call the file that is held in memory. */
const place = 'its configuration';

/**
 * The configuration a run was made with, from its report, so that the same is planned again. Nothing else has a say in
 * it: neither the environment nor a configuration file, which may have changed since.
 *
 * @throws Failure FILE_INVALID, FILE_UNREADABLE, CONFIG_INVALID
 */
export function reportConfig(report: Report, source: ReportSource): ReportConfig {
  const saved = savedOf(report, source);
  const targets = saved.targets ?? (saved.target === undefined ? [] : [saved.target]);
  if (!isSameList(targets, report.targets)) throw unfit(source, 'it has other targets than the results');
  const pages = pagesPath(saved, source);
  const loaded = loadSaved(saved, targets, pages, report, source);
  const config =
    report.backfill === undefined
      ? toRunConfig(loaded, { command: report.run.command })
      : toBackfillConfig(loaded, windowOf(report.backfill));
  return {
    warnings: targets.flatMap(headersLeftOut),
    config: {
      ...config,
      preset: typeof report.config.preset === 'string' ? report.config.preset : undefined,
      startEpochMs: report.run.startEpochMs,
      targets: config.targets.map((target, at) => {
        const headers = headersOf(targets[at], source);
        return {
          ...target,
          ...namedAs(report.targets[at], target, source),
          ...(Object.keys(headers).length > 0 && { headers }),
        };
      }),
      effective: report.config,
    },
  };
}

function windowOf({ window }: ReportedBackfill): BackfillWindow {
  return { ...window, maxVisits: window.maxVisits, allowLong: true };
}

function savedOf(report: Report, source: ReportSource): SavedConfig {
  const saved = savedConfig.safeParse(report.config).data;
  if (saved === undefined) throw unfit(source, 'it is not what a run writes');
  if (saved.collector === undefined) return saved;
  throw new Failure(
    'FILE_INVALID',
    `${source.file} is of a run with --collector: that collector ended with the run`,
    {
      hint: 'Such a run verifies itself, and its report says what came of it. To verify later, send to a collector that stays: trafficinator collector.',
    },
  );
}

function isSameList(one: readonly { readonly name: string }[], other: readonly { readonly name: string }[]) {
  return one.length === other.length && one.every(({ name }, at) => name === other[at]?.name);
}

/** Loads the saved configuration as if it were the only file there is, in an empty environment. */
function loadSaved(
  saved: SavedConfig,
  targets: readonly SavedTarget[],
  pages: string | undefined,
  { run }: Report,
  source: ReportSource,
): LoadedConfig {
  const { cwd, readFile = readTextFile } = source;
  const authorities = targets.map(({ tls }) =>
    tls?.ca === undefined ? undefined : existing(tls.ca, source),
  );
  const ofTargets = targets.map((target, at) => ({
    ...without(target, leftOutOfTarget),
    // A longer name than configurations allow is that of a host.
    name: target.name.length > 64 ? null : target.name,
    ...(target.tls !== undefined && { tls: { ...target.tls, ca: authorities[at] } }),
  }));
  const text = JSON.stringify({
    ...without(saved, leftOut),
    pages: pages ?? null,
    seed: run.seed,
    runId: run.id,
    shard: run.shard,
    ...(saved.targets === undefined ? { target: ofTargets[0] } : { targets: ofTargets }),
  });
  const named = new Set([pages, ...authorities]);
  try {
    return loadConfig({
      flags: { config: place },
      env: {},
      cwd,
      readFile: path => {
        if (path === resolve(cwd, place)) return text;
        if (named.has(path)) return readFile(path);
        throw Object.assign(new Error(`${path} is not of the report`), { code: 'ENOENT' });
      },
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Lines and columns are those of a text that nobody has.
    throw unfit(source, error.message.replace(/(its configuration):\d+:\d+/g, '$1'), error);
  }
}

function without(values: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.has(key)));
}

/** Who a target is and whether its hits carried a token are in the results. */
function namedAs(
  result: Report['targets'][number] | undefined,
  target: TargetConfig,
  { tokens }: ReportSource,
): Pick<TargetConfig, 'name' | 'token' | 'tokenEnv'> {
  const name = result?.name ?? target.name;
  return {
    name,
    token: result?.hitsCarryToken ? tokens.get(name) : undefined,
    tokenEnv: result?.tokenEnv ?? undefined,
  };
}

/** The page list as the run read it; undefined: its pages were generated. */
function pagesPath({ pages }: SavedConfig, source: ReportSource): string | undefined {
  if (pages === null) return undefined;
  const { file, sha256 } = pages;
  const readFile = source.readFile ?? readTextFile;
  let changed: string | undefined;
  for (const path of placesOf(file, source)) {
    const { text } = fileText(path, readFile);
    if (text === undefined) continue;
    if (createHash('sha256').update(text).digest('hex') === sha256) return path;
    changed ??= path;
  }
  if (changed !== undefined) {
    throw new Failure('FILE_INVALID', `${changed} has changed since the run: its SHA-256 is another`, {
      hint: `The visits follow from the page list. Put the one of the run there: ${sha256}.`,
    });
  }
  throw new Failure('FILE_UNREADABLE', `${file}, the page list of the run, is not there`, {
    hint: 'It is looked for from the current folder and from that of the report: go to the folder the run was started in, or put the list beside the report.',
  });
}

/** Paths in a report are relative to the folder the run was started in, or people keep both files together. */
function placesOf(path: string, { file, cwd }: ReportSource): string[] {
  const beside = resolve(cwd, dirname(file));
  return [resolve(cwd, path), resolve(beside, path), resolve(beside, basename(path))];
}

/** Where a file is; from the current folder, where it is nowhere. */
function existing(path: string, source: ReportSource): string {
  const readFile = source.readFile ?? readTextFile;
  const places = placesOf(path, source);
  return places.find(place => fileText(place, readFile).text !== undefined) ?? places[0] ?? path;
}

/** Headers whose values are in the report, as references. */
function headersOf(target: SavedTarget | undefined, { lookup }: ReportSource): Record<string, string> {
  return Object.fromEntries(
    Object.entries(target?.headers ?? {}).flatMap(([name, template]) => {
      if (template === null) return [];
      const resolved = resolveReferences(template, lookup);
      if (resolved?.rule !== undefined) {
        throw new Failure('CONFIG_INVALID', `header ${name} of ${target?.name} ${resolved.rule}`, {
          hint: 'Set the variable as for the run, in the environment or in .env.',
        });
      }
      return [[name, resolved?.text ?? template]];
    }),
  );
}

function headersLeftOut({ name, headers }: SavedTarget): string[] {
  const names = Object.entries(headers ?? {}).flatMap(([header, template]) =>
    template === null ? [header] : [],
  );
  if (names.length === 0) return [];
  const [which, verb] = names.length === 1 ? ['the header', 'is'] : ['the headers', 'are'];
  return [
    `${name} is asked without ${which} ${names.join(', ')}: what ${verb} written out in a file is not in a report`,
  ];
}

function unfit({ file }: ReportSource, why: string, cause?: unknown): Failure {
  return new Failure('FILE_INVALID', `${file}: the configuration in it cannot be used again: ${why}`, {
    hint: 'It was changed, or another version wrote it. Take the file as the run wrote it, and the trafficinator that ran it.',
    cause,
  });
}
