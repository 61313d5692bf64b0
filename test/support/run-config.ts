import type { TargetConfig } from '../../src/delivery/target-config.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { type RunHandle, type RunOptions, startRun } from '../../src/run/start-run.ts';
import { generatedPages } from '../../src/traffic/page-catalogue.ts';
import type { TrafficSettings } from '../../src/traffic/settings.ts';
import { plainEcommerce, plainTraffic } from './plain-traffic.ts';

/** Visits of one to three pages with a little of everything. */
export const traffic: TrafficSettings = {
  ...plainTraffic,
  pages: generatedPages().slice(0, 200),
  pageviews: { min: 1, max: 3 },
  visitMinutes: { min: 0.5, max: 2 },
  searchProbability: 0.3,
  outlinkProbability: 0.3,
  downloadProbability: 0.3,
  clickEventProbability: 0.3,
  behaviourEventProbability: 0.3,
  directProbability: 0.3,
  randomizeCountries: true,
  ecommerce: {
    ...plainEcommerce,
    probability: 0.3,
    orderValue: { min: 15, max: 300 },
    items: { min: 1, max: 5 },
    taxRate: 0.1,
    shippingRates: [0, 5.99],
    currency: 'SEK',
  },
};

/** Exactly two pages and the closing ping: three hits a visit, and the last of them is known by its `ping`. */
export const twoPages: TrafficSettings = {
  ...traffic,
  pageviews: { min: 2, max: 2 },
  searchProbability: 0,
  outlinkProbability: 0,
  downloadProbability: 0,
  clickEventProbability: 0,
  behaviourEventProbability: 0,
  ecommerce: { ...traffic.ecommerce, probability: 0 },
};

/** A target that a busy machine gives no reason to be given up on. */
export function targetConfig(url: URL | string, more: Partial<TargetConfig> = {}): TargetConfig {
  const tracker = new URL(url);
  return {
    name: 'target',
    url: tracker,
    apiUrl: new URL('index.php', tracker),
    siteId: 1,
    token: undefined,
    tokenEnv: undefined,
    weight: 1,
    concurrency: 100,
    connections: 100,
    transport: 'single',
    method: 'get',
    batchSize: 100,
    timeoutSeconds: 30,
    connectTimeoutSeconds: 30,
    timezone: 'UTC',
    ...more,
  };
}

/** Twenty visits in a fifth of a second, with no pause between their hits. */
export function runConfig(target: TargetConfig, more: Partial<RunConfig> = {}): RunConfig {
  return {
    command: 'run',
    preset: undefined,
    seed: 1,
    runId: 'test',
    startEpochMs: undefined,
    shard: undefined,
    targets: [target],
    distribution: 'split',
    visitsPerSecond: 100,
    visits: 20,
    durationSeconds: undefined,
    maxVisitsPerDay: undefined,
    overflow: 'wait',
    clock: 'compressed',
    pauseSeconds: { min: 0, max: 0 },
    timezone: 'UTC',
    traffic,
    effective: {},
    ...more,
  };
}

export function start(config: RunConfig, options: Partial<RunOptions> = {}): RunHandle {
  return startRun(config, { version: 'test', mask: text => text, ...options });
}
