import { join } from 'node:path';
import type { Collector } from '../../../src/collector/collector.ts';
import type { TargetConfig } from '../../../src/delivery/target-config.ts';
import {
  type BackfillConfig,
  type BackfillOptions,
  startBackfill,
} from '../../../src/run/backfill/start-backfill.ts';
import type { Output } from '../../../src/run/output.ts';
import type { RunHandle } from '../../../src/run/start-run.ts';
import { folder } from '../../support/program.ts';
import { runConfig, targetConfig, twoPages } from '../../support/run-config.ts';

export const token = 'a'.repeat(32);

const began = Date.parse('2026-11-20T12:00:00Z') - performance.now();

/** The clock of the tests and their servers: no window of theirs is in the future. */
export const now = () => began + performance.now();

/** Ten days of twenty visits of three hits. */
export function backfillConfig(
  url: URL | string,
  more: Partial<BackfillConfig> = {},
  target: Partial<TargetConfig> = {},
): BackfillConfig {
  const config = runConfig(
    targetConfig(url, {
      token,
      transport: 'bulk',
      batchSize: 30,
      concurrency: 8,
      connections: 8,
      timezone: undefined,
      ...target,
    }),
    { command: 'backfill', clock: 'backfill', visitsPerSecond: 'max', visits: undefined, traffic: twoPages },
  );
  return { ...config, backfill: window(), ...more };
}

export function window(more: Partial<BackfillConfig['backfill']> = {}): BackfillConfig['backfill'] {
  return {
    firstDay: '2026-10-20',
    lastDay: '2026-10-29',
    visitsPerDay: 20,
    maxVisits: undefined,
    growthPerWeek: 0,
    allowLong: false,
    ...more,
  };
}

export function journalPath(): string {
  return join(folder(), 'backfill.ndjson');
}

/** What a backfill said. */
export function notices(): Output & { readonly said: string[] } {
  const said: string[] = [];
  return { said, notice: (_, message) => void said.push(message) };
}

export function begin(
  config: BackfillConfig,
  options: Partial<BackfillOptions> & { readonly journalPath: string },
): RunHandle {
  return startBackfill(config, {
    outputs: [],
    resume: false,
    force: false,
    settleAfterSeconds: 0,
    version: 'test',
    mask: text => text,
    clock: { epochMs: now },
    ...options,
  });
}

/** Visits a collector has, by day of a zone, and how many visitors of them stand for more than their share. */
export function recordedByDay(collector: Collector, timezone: string): Record<string, number> {
  const days: Record<string, number> = {};
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone });
  for (const { lastActionAt } of collector.state({ visits: true }).visits ?? []) {
    const day = format.format(lastActionAt * 1000);
    days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}
