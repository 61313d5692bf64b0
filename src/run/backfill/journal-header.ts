import { createHash } from 'node:crypto';
import { Failure } from '../../base/failure.ts';
import type { TargetDates } from '../planning.ts';
import type { BackfillConfig } from './backfill-plan.ts';
import type { JournalHeader } from './journal-records.ts';

/** The first line of a journal. */
export function headerOf(
  config: BackfillConfig,
  version: string,
  { startEpochMs, tag, dates }: { startEpochMs: number; tag: string; dates: readonly TargetDates[] },
): JournalHeader {
  return {
    journal: 1,
    version,
    plan: fingerprint(config),
    runId: config.runId,
    seed: config.seed,
    tag,
    startEpochMs,
    window: reportedWindow(config),
    targets: config.targets.map(({ name, url, siteId }, at) => ({
      name,
      url: url.href,
      siteId,
      timezone: dates[at]?.timezone ?? config.timezone,
      clockShiftSeconds: dates[at]?.serverLagSeconds ?? 0,
      latestEpochSeconds: dates[at]?.latestEpochSeconds ?? 0,
    })),
    config: config.effective,
  };
}

/** What the days follow from. */
export function reportedWindow({ backfill }: BackfillConfig): JournalHeader['window'] {
  const { firstDay, lastDay, visitsPerDay, maxVisits, growthPerWeek } = backfill;
  return { firstDay, lastDay, visitsPerDay, growthPerWeek, ...(maxVisits !== undefined && { maxVisits }) };
}

/** Of what decides which visits there are, besides what stands in the journal by itself. How they are sent may change. */
function fingerprint({
  seed,
  runId,
  backfill,
  arrivals,
  distribution,
  traffic,
  targets,
}: BackfillConfig): string {
  const { allowLong: _, ...window } = backfill;
  const sites = targets.map(({ name, url, siteId, weight, traffic: own }) => ({
    name,
    url: url.href,
    siteId,
    weight,
    traffic: own,
  }));
  const parts = { seed, runId, window, arrivals, distribution, traffic, sites };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * A configuration as the journal that is gone on with has it: run id and seed are drawn where they are not given.
 *
 * @throws Failure USAGE for the journal of another plan or another version
 */
export function configOfJournal(
  given: BackfillConfig,
  header: JournalHeader,
  { path, version }: { readonly path: string; readonly version: string },
): BackfillConfig {
  const config = { ...given, runId: header.runId, seed: header.seed };
  if (header.version !== version) {
    throw new Failure(
      'USAGE',
      `${path} was begun by trafficinator ${header.version}, and this is ${version}: it may plan other visits`,
      { hint: `Go on with trafficinator ${header.version}.` },
    );
  }
  if (header.plan !== fingerprint(config)) {
    throw new Failure('USAGE', `${path} is the journal of another plan`, {
      hint: `Go on with the configuration it was begun with: ${windowText(header)} to ${header.targets.map(({ name, siteId }) => `${name} (site ${siteId})`).join(', ')}; the file has all of it in its first line.`,
    });
  }
  return config;
}

function windowText({ window: { firstDay, lastDay, visitsPerDay } }: JournalHeader): string {
  return `${firstDay} to ${lastDay} with ${visitsPerDay} visits a day`;
}
