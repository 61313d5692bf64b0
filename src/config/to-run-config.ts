import { randomBytes } from 'node:crypto';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { LoadedConfig } from './load.ts';
import { nested } from './nested.ts';
import { settingsTree } from './option-tree.ts';
import { apiUrlBeside, scriptUrl } from './tracking-url.ts';

export interface RunRequest {
  /** As the report names it. */
  readonly command: string;
  /** The embedded collector of `--collector`, which takes the place of the configured server and token. */
  readonly collector?: { readonly url: URL; readonly token: string | undefined };
}

/** A connection more than this costs more than it brings. */
const mostConnections = 128;

/** No server: what `--dry-run` plans for when no target is configured. RFC 2606 keeps the name unused. */
const nowhere = 'http://nowhere.invalid/matomo.php';

/** What it plans for with `--collector`: the plan depends on there being a token, not on which. */
const collectorOfDryRun = { url: new URL(nowhere), token: 'never sent' };

/** All a run depends on, from what was configured. Seed and run id are drawn where none were given. */
export function toRunConfig(loaded: LoadedConfig, request: RunRequest): RunConfig {
  const { values, pages } = loaded;
  const { visits, duration, maxVisitsPerDay } = values;
  const seed = values.seed ?? drawSeed();
  const runId = values.runId ?? drawRunId();
  const target = targetOf(loaded, request);
  return {
    command: request.command,
    preset: values.preset,
    seed,
    runId,
    startEpochMs: values.startAt,
    shard: values.shard,
    targets: [target],
    distribution: 'split',
    visitsPerSecond: values.rate,
    visits: unlessOff(visits),
    durationSeconds: unlessOff(duration),
    maxVisitsPerDay: unlessOff(maxVisitsPerDay),
    overflow: values.overflow,
    clock: values.clock,
    pauseSeconds: values.pause,
    timezone: values.timezone,
    traffic: { ...values.traffic, pages: pages.pages },
    effective: effectiveOf(loaded, { seed, runId, target }),
  };
}

function unlessOff(limit: number): number | undefined {
  return limit === 0 ? undefined : limit;
}

function targetOf({ values, settings }: LoadedConfig, request: RunRequest): TargetConfig {
  const { target } = values;
  const collector = request.collector ?? (values.collector ? collectorOfDryRun : undefined);
  const url = collector?.url ?? scriptUrl(target.url ?? nowhere, 'matomo.php');
  const own = collector === undefined;
  return {
    name: target.name ?? (own ? url.host : 'collector'),
    url,
    apiUrl: own && target.apiUrl !== undefined ? scriptUrl(target.apiUrl, 'index.php') : apiUrlBeside(url),
    siteId: target.siteId,
    token: own ? target.token : collector.token,
    tokenEnv: own ? settings.find(({ leaf }) => leaf.path === 'target.token')?.variable : undefined,
    weight: 1,
    concurrency: values.concurrency,
    connections: values.connections ?? Math.min(values.concurrency, mostConnections),
    transport: values.transport,
    method: values.method,
    batchSize: values.batchSize,
    timeoutSeconds: values.timeout,
    connectTimeoutSeconds: values.connectTimeout,
    timezone: target.timezone,
  };
}

/** Every value as a file would say it, so that the same can be planned again. Secrets by their variables' names. */
function effectiveOf(
  { settings, pages }: LoadedConfig,
  { seed, runId, target }: { seed: number; runId: string; target: TargetConfig },
): Readonly<Record<string, unknown>> {
  const ofFiles = settings.filter(({ leaf }) => settingsTree.keys.has(leaf.path.split('.')[0] ?? ''));
  return nested([
    ...ofFiles
      .filter(({ leaf }) => leaf.meta.secret === undefined)
      .map(({ leaf, value }) => [leaf.path, value ?? null] as const),
    ['seed', seed],
    ['runId', runId],
    ['connections', target.connections],
    ['target.name', target.name],
    ['target.url', target.url.href],
    ['target.apiUrl', target.apiUrl.href],
    ['target.tokenEnv', target.tokenEnv ?? null],
    [
      'pages',
      pages.file === undefined ? null : { file: pages.file, sha256: pages.sha256, pages: pages.pages.length },
    ],
  ]);
}

/** 53 bits: what a number holds exactly. */
function drawSeed(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 11n);
}

/** 80 bits: no two runs of the world share an id. */
function drawRunId(): string {
  return randomBytes(10).toString('hex');
}
