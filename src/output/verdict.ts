import type { ChalkInstance } from 'chalk';
import { ExitCode } from '../base/exit-codes.ts';
import type { Report, TargetReport, ThresholdResult } from '../run/report.ts';
import { counted, duration, grouped } from './number-format.ts';
import { oneLine } from './text-width.ts';
import { resultText } from './threshold-lines.ts';

/**
 * `✓ 28,896 visits planned and sent in 1 m 0 s: all 155,355 hits accepted`: what was planned, sent and accepted, and
 * what ended it where it did not end by itself.
 */
export function headline(report: Report, chalk: ChalkInstance): string {
  const mark = verdictMark(report);
  const colour = { '✓': chalk.green, '!': chalk.yellow, '✗': chalk.red }[mark];
  return `${colour(mark)} ${chalk.bold(headlineText(report))}`;
}

export function headlineText(report: Report): string {
  const { visits, hits, run } = report;
  const begun = visits.planned - visits.dropped - visits.skipped;
  const what =
    hits.accepted + hits.rejected + hits.unknown === 0 && hits.planned > 0
      ? `none of ${counted(visits.planned, 'planned visit')} could be sent`
      : begun === visits.planned
        ? `${counted(begun, 'visit')} planned and sent`
        : `${grouped(begun)} of ${counted(visits.planned, 'planned visit')} sent`;
  const accepted =
    hits.accepted === hits.planned
      ? `all ${counted(hits.planned, 'hit')} accepted`
      : `${grouped(hits.accepted)} of ${counted(hits.planned, 'hit')} accepted`;
  const parts = [
    `${what}${earlier(report)} in ${duration(run.durationSeconds)}: ${hits.planned === 0 ? 'no hit was due' : accepted}`,
    hits.unconfirmed > 0 ? `${grouped(hits.unconfirmed)} of them only queued` : '',
    ending(report),
  ];
  return parts.filter(part => part !== '').join(', ');
}

/** `, 1,379 of them`: the time is that of the last session of a backfill. */
function earlier({ backfill, visits }: Report): string {
  if (backfill === undefined || backfill.earlier.visits === 0) return '';
  return `, ${grouped(visits.planned - backfill.earlier.visits)} of them`;
}

/** Why the process ends with another code than 0, in words; undefined for 0. */
export function exitReason(report: Report): string | undefined {
  const { exitCode, hits } = report;
  switch (exitCode) {
    case ExitCode.Done:
      return undefined;
    case ExitCode.InternalError:
      return hits.unaccounted === 0
        ? 'exit 1: an internal error; this is a bug'
        : `exit 1: ${counted(hits.unaccounted, 'hit')} unaccounted for; this is a bug`;
    case ExitCode.ThresholdFailed:
      return `exit 4: ${brokenThresholds(report.thresholds)}`;
    case ExitCode.TargetLost:
      return `exit 5: ${lostTargets(report.targets)}`;
    case ExitCode.VerificationFailed:
      return `exit 6: ${differentTargets(report)}`;
    case ExitCode.Interrupted:
      return 'exit 130: interrupted (SIGINT)';
    case ExitCode.Terminated:
      return 'exit 143: terminated (SIGTERM)';
    default:
      return `exit ${exitCode}`;
  }
}

/** By a signal: no success, and no failure either. */
export function endedByRequest({ exitCode }: Report): boolean {
  return exitCode === ExitCode.Interrupted || exitCode === ExitCode.Terminated;
}

/** `!` is for a run that ended as told and yet did not get all through. */
export function verdictMark(report: Report): '✓' | '!' | '✗' {
  const { exitCode, hits, visits } = report;
  const whole =
    hits.accepted === hits.planned && visits.completed === visits.planned && hits.unconfirmed === 0;
  if (exitCode === ExitCode.Done && whole) return '✓';
  return exitCode === ExitCode.Done || endedByRequest(report) ? '!' : '✗';
}

/** Nothing for a run that ended by itself: by its visits, its duration or its plan. */
function ending(report: Report): string {
  const { run, exitCode, targets } = report;
  const more = run.remaining === null ? 0 : run.remaining - sentAndLeft(report);
  const left = more === 0 ? '' : ` before ${counted(more, 'more visit')}`;
  if (run.stoppedBy === 'signal') {
    return `stopped by ${exitCode === ExitCode.Terminated ? 'SIGTERM' : 'Ctrl-C'}${left}`;
  }
  if (run.stoppedBy === 'threshold') return `stopped by a threshold${left}`;
  if (run.stoppedBy !== 'lost-targets') return '';
  const isOneLeft = targets.some(({ health }) => health.state === 'up' || health.state === 'degraded');
  return `stopped${left}: ${isOneLeft ? 'a target was lost' : 'no target was left'}`;
}

/** Visits of a backfill that were sent and have no end: what became of them is asked for when it goes on. */
export function sentAndLeft({ run, days, visits }: Report): number {
  if (days === undefined || run.remaining === null) return 0;
  const neverSent = days.reduce((sum, { planned }) => sum + planned, 0) - visits.planned;
  return run.remaining - neverSent;
}

/** `latency.p95 < 20ms is broken: 30 ms` */
function brokenThresholds(thresholds: readonly ThresholdResult[]): string {
  const broken = thresholds.filter(({ passed }) => !passed);
  const [first] = broken;
  if (first === undefined) return 'a threshold failed';
  const told = `${oneLine(first.expression)} is broken: ${resultText(first)}`;
  return broken.length === 1 ? told : `${told}, and ${counted(broken.length - 1, 'more threshold')}`;
}

function differentTargets({ targets, verification }: Report): string {
  if (targets.length === 1) return 'the server did not record what was accepted';
  const names = (verification?.targets ?? []).flatMap(({ name, result }) =>
    result === 'different' ? [oneLine(name)] : [],
  );
  return `not recorded as it was accepted: ${names.join(', ')}`;
}

function lostTargets(targets: readonly TargetReport[]): string {
  const told = targets.flatMap(target => outageOf(target) ?? []);
  if (told.length > 0) return told.join('; ');
  const untaken = targets.filter(tookNothing);
  return untaken.length === 0
    ? 'a target was lost'
    : `nothing was accepted by ${untaken.map(({ name }) => oneLine(name)).join(', ')}`;
}

/** Why a target makes a run end with exit code 5; undefined: it does not. */
export function targetTrouble(target: TargetReport): string | undefined {
  return (
    outageOf(target) ?? (tookNothing(target) ? `nothing was accepted by ${oneLine(target.name)}` : undefined)
  );
}

function outageOf({ name, health }: TargetReport): string | undefined {
  const shown = oneLine(name);
  if (health.state === 'refused') return `${shown} refused the token and was stopped`;
  if (health.state === 'down') return `${shown} was lost`;
  if (health.outages === 0) return undefined;
  return `${shown} was lost ${health.outages === 1 ? 'once' : `${grouped(health.outages)} times`} and came back`;
}

function tookNothing({ hits }: TargetReport): boolean {
  return hits.accepted === 0 && hits.rejected + hits.failed + hits.unknown > 0;
}
