import { BULK_FILL_MS } from '../delivery/transport.ts';
import type { Distribution } from './report.ts';

/** Beyond this hits went out late, and not the load that was asked for. */
export const LATE_MS = 50;
/** Of one core; JavaScript runs on one, and garbage is collected beside it. */
export const BUSY_CPU = 0.85;
/** Without a schedule nothing is late: what is as fast as it can be is at the limit of this machine only here. */
const FULL_CPU = 0.95;
/** In less, what it costs to begin weighs too much in figures of the whole run: code is compiled while hits are due. */
const LEAST_SECONDS = 5;
/** The first second is late and busy of itself. */
export const LEAST_BUSY_SECONDS = 2;
/** The process was kept from running so long: by other programs, for want of memory, or by itself. */
const LATE_LOOP_MS = 50;

export interface GeneratorFigures {
  readonly cpuShareMean: number | null;
  readonly cpuShareMax: number | null;
  readonly eventLoopDelayP99Ms: number | null;
  /** Slices of about a second in which hits went out late, and those of them in which this process was busy. */
  readonly lateSlices: number;
  readonly lateBusySlices: number;
}

/** What of a run decides how its figures are to be read. */
export interface GeneratedRun {
  readonly isBackfill: boolean;
  readonly isBulk: boolean;
  /** In the same process. */
  readonly hasCollector: boolean;
  /** Not under rate `max`. */
  readonly isScheduled: boolean;
  readonly threads: number;
  readonly durationSeconds: number;
  readonly latenessMs: Distribution | null;
}

/** Lateness that is worth a word; more where hits wait for a bulk body to be full. */
export function lateFromMs(isBulk: boolean): number {
  return LATE_MS + (isBulk ? BULK_FILL_MS : 0);
}

/**
 * Sentences on what shows that this machine, and not a server, was the limit. Each rule and its reason is in
 * docs/thresholds.md.
 */
export function generatorWarnings(run: GeneratedRun, figures: GeneratorFigures): string[] {
  // Nothing is measured by a backfill.
  if (run.isBackfill) return [];
  const { latenessMs } = run;
  if (latenessMs !== null) {
    if (latenessMs.p99 <= lateFromMs(run.isBulk)) return [];
    const late = `hits went out late (p99 ${whole(latenessMs.p99)} ms)`;
    return [...busyWarning(late, run, figures), ...loopWarning(late, run, figures)].slice(0, 1);
  }
  if (run.isScheduled || run.durationSeconds < LEAST_SECONDS) return [];
  return fullWarning(run, figures);
}

function busyWarning(
  late: string,
  { threads, durationSeconds }: GeneratedRun,
  { lateSlices, lateBusySlices, cpuShareMax }: GeneratorFigures,
): string[] {
  if (Math.min(durationSeconds, lateBusySlices) < LEAST_BUSY_SECONDS) return [];
  // A server that answers slowly leaves this machine idle, whatever it was at the beginning.
  if (lateBusySlices * 2 < lateSlices) return [];
  return [
    `this machine was the limit, not the server: ${late}, and in ${lateBusySlices} of the ${lateSlices} s in which they did this process used over ${whole(BUSY_CPU * threads * 100)} % of a core (up to ${whole((cpuShareMax ?? 0) * 100)} %). Take a lower rate, --transport bulk, or more machines.`,
  ];
}

function loopWarning(
  late: string,
  { durationSeconds }: GeneratedRun,
  { eventLoopDelayP99Ms }: GeneratorFigures,
): string[] {
  if (durationSeconds < LEAST_SECONDS) return [];
  if (eventLoopDelayP99Ms === null || eventLoopDelayP99Ms <= LATE_LOOP_MS) return [];
  return [
    `this machine was the limit, not the server: ${late}, and this process was kept from running (event-loop delay p99 ${whole(eventLoopDelayP99Ms)} ms). Latencies have that in them. End other programs, or take a machine with more cores.`,
  ];
}

function fullWarning({ hasCollector, threads }: GeneratedRun, { cpuShareMean }: GeneratorFigures): string[] {
  // A collector in the same process uses most of what is used.
  if (hasCollector || cpuShareMean === null || cpuShareMean < FULL_CPU * threads) return [];
  return [
    `this machine was the limit, not the server: this process used ${whole(cpuShareMean * 100)} % of a core over the whole run, so that it could not send faster. Take --transport bulk or more machines to find the server's limit.`,
  ];
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
