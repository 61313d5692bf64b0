import { offeredVisitsPerSecond, secondsAtMost } from './expectation.ts';
import type { RunState } from './monitor.ts';
import type { RunConfig } from './run-config.ts';
import type { RunInfo, Snapshot } from './snapshot.ts';
import { countOfPlannedVisits } from './visit-count.ts';

/** What is known of a run before its first visit. */
export function runInfo(config: RunConfig, tag: string, startEpochMs: number): RunInfo {
  const hasShares = config.distribution === 'split' && config.targets.length > 1;
  return {
    runId: config.runId,
    tag,
    seed: config.seed,
    startEpochMs,
    clock: config.clock,
    distribution: config.distribution,
    preset: config.preset ?? null,
    targets: config.targets.map(({ name, url, siteId, weight }) => ({
      name,
      url: url.href,
      siteId,
      ...(hasShares && { weight }),
    })),
    visitsPerSecond: offeredVisitsPerSecond(config),
    visits: countOfPlannedVisits(config),
    durationSeconds: secondsAtMost(config) ?? null,
  };
}

/** Where a run stands. Times are ms on the clock of `performance.now()`. */
export interface RunPosition {
  readonly nowMs: number;
  readonly startMs: number;
  readonly endedVisits: number;
  /** When the next visit is due; undefined where none has a time. */
  readonly nextArrivalMs: number | undefined;
  /** No more visits will begin. */
  readonly isPlanOver: boolean;
  /** When draining ends; undefined before it begins. */
  readonly drainEndsMs: number | undefined;
}

/** A pause of the daily cap longer than this is shown as one. */
const PAUSE_SHOWN_MS = 60_000;
/** With less of a run than this nothing can be said of what is left. */
const LEAST_FRACTION = 0.01;

export function runState(config: RunConfig, position: RunPosition): RunState {
  const { nowMs, startMs, drainEndsMs } = position;
  const elapsedMs = Math.max(0, nowMs - startMs);
  const planned = countOfPlannedVisits(config);
  const fraction = fractionDone(config, planned, position.endedVisits, elapsedMs);
  return {
    phase: phaseOf(config, position),
    drainLeftMs: drainEndsMs === undefined ? null : Math.max(0, drainEndsMs - nowMs),
    plannedVisits: planned,
    fraction,
    leftMs: timeLeft(config, position, planned, fraction, elapsedMs),
    offeredVisitsPerSecond: offeredVisitsPerSecond(config),
  };
}

function fractionDone(
  config: RunConfig,
  planned: number | null,
  ended: number,
  elapsedMs: number,
): number | null {
  if (planned !== null) return planned === 0 ? 1 : Math.min(1, ended / planned);
  const seconds = secondsAtMost(config);
  return seconds === undefined ? null : Math.min(1, elapsedMs / (seconds * 1000));
}

/** While visits arrive, until the schedule is over; then, or where there is none, at the pace so far. */
function timeLeft(
  config: RunConfig,
  { isPlanOver }: RunPosition,
  planned: number | null,
  fraction: number | null,
  elapsedMs: number,
): number | null {
  const offered = offeredVisitsPerSecond(config);
  if (!isPlanOver && offered !== null && planned !== null && config.maxVisitsPerDay === undefined) {
    return Math.max(0, (planned / offered) * 1000 - elapsedMs);
  }
  return fraction === null || fraction < LEAST_FRACTION ? null : (elapsedMs * (1 - fraction)) / fraction;
}

function phaseOf({ maxVisitsPerDay }: RunConfig, position: RunPosition): Snapshot['phase'] {
  const { nowMs, startMs, nextArrivalMs, isPlanOver, drainEndsMs } = position;
  if (drainEndsMs !== undefined) return 'draining';
  if (isPlanOver) return 'finishing';
  if (nowMs < startMs) return 'preparing';
  const isPaused =
    maxVisitsPerDay !== undefined && nextArrivalMs !== undefined && nextArrivalMs - nowMs > PAUSE_SHOWN_MS;
  return isPaused ? 'paused' : 'running';
}
