import type { Output } from '../../run/output.ts';
import type { Report } from '../../run/report.ts';
import type { RunningTarget } from '../../run/running-target.ts';
import type { RunInfo, Snapshot } from '../../run/snapshot.ts';

/**
 * A run as its metrics are read from: nothing is computed before somebody asks. What is there before the start and
 * after the end is what can be told then.
 */
export class MeasuredRun implements Output {
  readonly version: string;
  readonly command: string;
  info: RunInfo | undefined;
  targets: readonly RunningTarget[] = [];
  snapshot: Snapshot | undefined;
  report: Report | undefined;

  constructor({ version, command }: { readonly version: string; readonly command: string }) {
    this.version = version;
    this.command = command;
  }

  get phase(): Snapshot['phase'] {
    return this.report === undefined ? (this.snapshot?.phase ?? 'preparing') : 'ended';
  }

  start(info: RunInfo): void {
    this.info = info;
  }

  watch(targets: readonly RunningTarget[]): void {
    this.targets = targets;
  }

  tick(snapshot: Snapshot): void {
    this.snapshot = snapshot;
  }

  finish(report: Report): void {
    this.report = report;
  }
}
