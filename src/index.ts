/** For programs that run plans themselves; the command line uses the same. */
export { ExitCode } from './base/exit-codes.ts';
export { Failure, type FailureCode } from './base/failure.ts';
export { type Collector, type CollectorOptions, startCollector } from './collector/collector.ts';
export { type LoadedConfig, type LoadRequest, loadConfig } from './config/load.ts';
export { toRunConfig } from './config/to-run-config.ts';
export type { TargetConfig } from './delivery/target-config.ts';
export type { Output } from './run/output.ts';
export type { Report } from './run/report.ts';
export type { RunConfig } from './run/run-config.ts';
export type { RunInfo, Snapshot, TargetSnapshot } from './run/snapshot.ts';
export { type RunHandle, type RunOptions, startRun } from './run/start-run.ts';
export type { TrafficSettings } from './traffic/settings.ts';
