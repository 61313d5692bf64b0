import { randomBytes } from 'node:crypto';
import { campaigns } from '../data/campaigns.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { TrafficSettings } from '../traffic/settings.ts';
import { arrivalShape } from './arrivals.ts';
import { collectorSites } from './collector-sites.ts';
import { effectiveOf } from './effective.ts';
import type { FunnelSource } from './funnel-source.ts';
import type { LoadedConfig, LoadedTarget } from './load.ts';
import type { Settings } from './schema.ts';
import type { Traffic } from './target-traffic.ts';
import { toFunnel } from './to-funnel.ts';
import { apiUrlBeside, scriptUrl } from './tracking-url.ts';

export interface RunRequest {
  /** As the report names it. */
  readonly command: string;
  /**
   * The embedded collector of `--collector`, which takes the place of every configured server and token. It needs
   * the sites of `collectorSites`.
   */
  readonly collector?: EmbeddedCollector;
}

export interface EmbeddedCollector {
  readonly url: URL;
  readonly token: string | undefined;
}

/** A connection more than this costs more than it brings. */
const mostConnections = 128;

/** No server: what `--dry-run` plans for when no target is configured. RFC 2606 keeps the name unused. */
const nowhere = 'http://nowhere.invalid/matomo.php';

/** What it plans for with `--collector`: the plan depends on there being a token, not on which. */
const collectorOfDryRun = { url: new URL(nowhere), token: 'never sent' };

/** All a run depends on, from what was configured. Seed and run id are drawn where none were given. */
export function toRunConfig(loaded: LoadedConfig, request: RunRequest): RunConfig {
  const { values } = loaded;
  const { visits, duration, maxVisitsPerDay } = values;
  const seed = values.seed ?? drawSeed();
  const runId = values.runId ?? drawRunId();
  const targets = targetsOf(loaded, request);
  const arrivals = arrivalShape(values);
  return {
    command: request.command,
    preset: values.preset,
    seed,
    runId,
    startEpochMs: values.startAt,
    shard: values.shard,
    targets,
    distribution: values.distribution,
    whenDown: values.whenDown,
    visitsPerSecond: values.rate,
    ...(arrivals && { arrivals }),
    visits: unlessOff(visits),
    durationSeconds: unlessOff(duration),
    maxVisitsPerDay: unlessOff(maxVisitsPerDay),
    overflow: values.overflow,
    clock: values.clock,
    pauseSeconds: values.pause,
    timezone: values.timezone,
    traffic: trafficSettings(values.traffic, loaded, loaded.funnels),
    effective: effectiveOf(loaded, { seed, runId }, targets),
  };
}

function trafficSettings(
  traffic: Traffic,
  { pages, events: { clickEvents, behaviourEvents } }: LoadedConfig,
  { funnels }: FunnelSource,
): TrafficSettings {
  return {
    ...traffic,
    pages: pages.pages,
    ...(clickEvents && { clickEvents }),
    ...(behaviourEvents && { behaviourEvents }),
    campaigns: traffic.campaigns ?? campaigns,
    funnels: funnels.map(({ definition }) => toFunnel(definition)),
  };
}

function unlessOff(limit: number): number | undefined {
  return limit === 0 ? undefined : limit;
}

/** The server of a target: its own, or the collector in its place. */
type Place = Pick<
  TargetConfig,
  | 'name'
  | 'url'
  | 'apiUrl'
  | 'siteId'
  | 'token'
  | 'tokenEnv'
  | 'apiToken'
  | 'apiTokenEnv'
  | 'testSite'
  | 'headers'
  | 'tls'
>;

function targetsOf(loaded: LoadedConfig, request: RunRequest): TargetConfig[] {
  const { values, targets } = loaded;
  const collector = request.collector ?? (values.collector ? collectorOfDryRun : undefined);
  const sites = collectorSites(loaded);
  return targets.map((target, at) => {
    const own = target.values;
    const concurrency = own.concurrency ?? values.concurrency;
    return {
      ...(collector === undefined
        ? ownPlace(target)
        : collectorPlace(target, collector, sites[at]?.id ?? own.siteId)),
      weight: own.weight,
      concurrency,
      connections: own.connections ?? values.connections ?? Math.min(concurrency, mostConnections),
      transport: own.transport ?? values.transport,
      method: own.method ?? values.method,
      batchSize: own.batchSize ?? values.batchSize,
      timeoutSeconds: own.timeout ?? values.timeout,
      connectTimeoutSeconds: own.connectTimeout ?? values.connectTimeout,
      timezone: own.timezone,
      ...rateOf(own.rate, values),
      ...trafficOf(target, loaded),
    };
  });
}

/** Of a target whose visits are made of something else than those of the run. */
function trafficOf({ traffic, funnels }: LoadedTarget, loaded: LoadedConfig) {
  const { values, funnels: ofRun } = loaded;
  if (traffic === undefined && funnels === undefined) return {};
  return { traffic: trafficSettings(traffic ?? values.traffic, loaded, funnels ?? ofRun) };
}

/** Only `independent` knows rates of targets. */
function rateOf(rate: number | 'max' | undefined, { distribution }: Settings) {
  return rate === undefined || distribution !== 'independent' ? {} : { visitsPerSecond: rate };
}

function ownPlace({ name, label, values, settings, ca }: LoadedTarget): Place {
  const url = scriptUrl(values.url ?? nowhere, 'matomo.php');
  const { tls, headers = {} } = values;
  const variableOf = (key: string) => settings.find(({ leaf }) => leaf.path === key)?.variable;
  const hasTls = ca !== undefined || tls.serverName !== undefined || !tls.verify;
  return {
    // Without a URL there is no host to be named by.
    name: label === 'target' && values.name === undefined ? url.host : name,
    url,
    apiUrl: values.apiUrl === undefined ? apiUrlBeside(url) : scriptUrl(values.apiUrl, 'index.php'),
    siteId: values.siteId,
    token: values.token,
    tokenEnv: variableOf('token'),
    ...(values.apiToken !== undefined && {
      apiToken: values.apiToken,
      apiTokenEnv: variableOf('apiToken'),
    }),
    ...(values.testSite && { testSite: true }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(hasTls && { tls: { ca, serverName: tls.serverName, isVerified: tls.verify } }),
  };
}

/** Names, shares and features stay; nothing that is for the configured server goes to another. */
function collectorPlace(
  { name, label, values }: LoadedTarget,
  collector: EmbeddedCollector,
  siteId: number,
): Place {
  return {
    name: label === 'target' ? (values.name ?? 'collector') : name,
    url: collector.url,
    apiUrl: apiUrlBeside(collector.url),
    siteId,
    token: collector.token,
    tokenEnv: undefined,
  };
}

/** 53 bits: what a number holds exactly. */
function drawSeed(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 11n);
}

/** 80 bits: no two runs of the world share an id. */
function drawRunId(): string {
  return randomBytes(10).toString('hex');
}
