import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import type { RunInfo, Snapshot } from '../run/snapshot.ts';
import { errorsOf } from './live-table.ts';
import type { Log } from './log.ts';
import type { NoticeLevel } from './notice-line.ts';
import { exitReason } from './verdict.ts';

const EVERY_MS = 10_000;

/** A run in a log that machines read (`--log-format json`): it stands in for live view, progress lines and summary. */
export class RunLog implements Output {
  readonly #log: Log;
  #nextMs = EVERY_MS;

  constructor(log: Log) {
    this.#log = log;
  }

  start({ runId, tag, seed, preset, distribution, targets }: RunInfo): void {
    const names = targets.map(({ name, url, siteId }) => ({ name, url, siteId }));
    this.#log.info('run begins', { runId, tag, seed, preset, distribution, targets: names });
  }

  tick(snapshot: Snapshot): void {
    if (snapshot.elapsedMs < this.#nextMs) return;
    this.#nextMs = Math.floor(snapshot.elapsedMs / EVERY_MS) * EVERY_MS + EVERY_MS;
    const { total } = snapshot;
    this.#log.info('progress', {
      phase: snapshot.phase,
      elapsedSeconds: Math.round(snapshot.elapsedMs / 1000),
      plannedVisits: snapshot.plannedVisits,
      endedVisits: snapshot.endedVisits,
      visitsPerSecond: total.visitsPerSecond,
      hitsPerSecond: total.hitsPerSecond,
      inFlight: total.inFlight,
      waiting: total.waiting,
      p95Ms: total.p95Ms,
      latenessP99Ms: snapshot.latenessP99Ms,
      errors: errorsOf(total),
    });
  }

  notice(level: NoticeLevel, message: string): void {
    this.#log.write(level, message);
  }

  finish(report: Report): void {
    const { run, visits, hits, exitCode, targets, thresholds, generator, verification } = report;
    for (const warning of generator.warnings) this.#log.write('warn', warning);
    this.#log.write(exitCode === 0 ? 'info' : 'error', 'run ended', {
      durationSeconds: run.durationSeconds,
      stoppedBy: run.stoppedBy,
      visits,
      hits,
      thresholds,
      verified: verification?.passed ?? null,
      exitCode,
      reason: exitReason(report) ?? null,
      targets: targets.map(({ name, health, errors }) => ({ name, health, errors })),
    });
  }
}
