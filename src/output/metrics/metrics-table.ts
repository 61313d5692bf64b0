import { cpuUsage, memoryUsage } from 'node:process';
import type { RunningTarget } from '../../run/running-target.ts';
import type { Snapshot } from '../../run/snapshot.ts';
import type { MeasuredRun } from './measured-run.ts';
import type { Metric, Sample } from './metric.ts';

const hitOutcomes = ['accepted', 'rejected', 'failed', 'unknown', 'skipped'] as const;
const visitOutcomes = ['completed', 'partial', 'failed', 'dropped', 'skipped'] as const;
const phases: readonly Snapshot['phase'][] = [
  'preparing',
  'running',
  'paused',
  'finishing',
  'draining',
  'ended',
];

/** Every metric there is: the endpoint, what is pushed, and the tables of the page come from here. */
export const metrics: readonly Metric[] = [
  {
    name: 'hits',
    kind: 'counter',
    unit: '{hit}',
    help: 'Hits by what became of them',
    labels: ['target', 'outcome'],
    read: run =>
      ofTargets(run, ({ config, ledger }) =>
        hitOutcomes.map(outcome => sample(ledger.hits[outcome], { target: config.name, outcome })),
      ),
  },
  {
    name: 'hits.planned',
    kind: 'counter',
    unit: '{hit}',
    help: 'Hits of the visits whose time has come',
    labels: ['target'],
    read: run => ofEach(run, ({ ledger }) => ledger.hits.planned),
  },
  {
    name: 'hits.unconfirmed',
    kind: 'counter',
    unit: '{hit}',
    help: 'Hits among the accepted that were answered by something that counts nothing, such as a queue',
    labels: ['target'],
    read: run => ofEach(run, ({ ledger }) => ledger.hits.unconfirmed),
  },
  {
    name: 'hits.not_accepted',
    kind: 'counter',
    unit: '{hit}',
    help: 'Hits that were not accepted, by the code of the cause',
    labels: ['target', 'code'],
    read: run =>
      ofTargets(run, ({ config, ledger }) =>
        ledger.errors().map(({ code, count }) => sample(count, { target: config.name, code })),
      ),
  },
  {
    name: 'hit.latency',
    kind: 'histogram',
    unit: 's',
    help: "From the moment a hit's bytes go out to the end of the answer",
    labels: ['target'],
    read: run => ofEach(run, ({ times }) => times.latency),
  },
  {
    name: 'hit.lateness',
    kind: 'histogram',
    unit: 's',
    help: 'From the moment a hit is due to the moment its bytes go out',
    labels: ['target'],
    read: run => ofEach(run, ({ times }) => times.lateness),
  },
  {
    name: 'visits',
    kind: 'counter',
    unit: '{visit}',
    help: 'Visits that have ended, by what became of them',
    labels: ['target', 'outcome'],
    read: run =>
      ofTargets(run, ({ config, ledger }) =>
        visitOutcomes.map(outcome => sample(ledger.visits[outcome], { target: config.name, outcome })),
      ),
  },
  {
    name: 'visits.planned',
    kind: 'counter',
    unit: '{visit}',
    help: 'Visits whose time has come',
    labels: ['target'],
    read: run => ofEach(run, ({ ledger }) => ledger.visits.planned),
  },
  {
    name: 'visits.in_flight',
    kind: 'gauge',
    unit: '{visit}',
    help: 'Visits that have begun and not ended; of a backfill, requests under way',
    labels: ['target'],
    read: run => ofEach(run, ({ inFlight }) => inFlight),
  },
  {
    name: 'visits.waiting',
    kind: 'gauge',
    unit: '{visit}',
    help: 'Visits that are due and held back by the in-flight cap',
    labels: ['target'],
    read: run => ofEach(run, ({ waiting }) => waiting),
  },
  {
    name: 'visits.offered',
    kind: 'gauge',
    unit: '{visit}/s',
    help: 'Visits a second that the schedule offers on the mean, over all targets; none where there is no schedule',
    labels: [],
    read: ({ info }) => ofRun(info?.visitsPerSecond),
  },
  {
    name: 'target.up',
    kind: 'gauge',
    unit: '',
    help: 'Whether visits go to the target: 0 while it is down, or when it has refused the token',
    labels: ['target'],
    read: run => ofEach(run, ({ health }) => (health === 'up' || health === 'degraded' ? 1 : 0)),
  },
  {
    name: 'target.outages',
    kind: 'counter',
    unit: '{outage}',
    help: 'How often the target was lost',
    labels: ['target'],
    read: run => ofEach(run, ({ outages }) => outages),
  },
  {
    name: 'target.info',
    kind: 'gauge',
    unit: '',
    help: 'What the target is; always 1',
    labels: ['target', 'url', 'site_id'],
    read: ({ info }) =>
      (info?.targets ?? []).map(({ name, url, siteId }) =>
        sample(1, { target: name, url, site_id: String(siteId) }),
      ),
  },
  {
    name: 'run.info',
    kind: 'gauge',
    unit: '',
    help: 'What is run; always 1',
    labels: ['run_id', 'command', 'version', 'seed', 'preset', 'clock', 'distribution'],
    read: ({ info, version, command }) =>
      info === undefined
        ? []
        : [
            sample(1, {
              run_id: info.runId,
              command,
              version,
              seed: String(info.seed),
              preset: info.preset ?? '',
              clock: info.clock,
              distribution: info.distribution,
            }),
          ],
  },
  {
    name: 'run.phase',
    kind: 'gauge',
    unit: '',
    help: 'Where the run is: 1 for its phase and 0 for the others',
    labels: ['phase'],
    read: run => phases.map(phase => sample(phase === run.phase ? 1 : 0, { phase })),
  },
  {
    name: 'run.progress',
    kind: 'gauge',
    unit: '1',
    help: 'Part of the run that is done; none where it has no end',
    labels: [],
    // The last moment that was shown was before the end.
    read: ({ snapshot, report }) => ofRun(report?.run.remaining === 0 ? 1 : snapshot?.fraction),
  },
  {
    name: 'run.start_time',
    kind: 'gauge',
    unit: 's',
    help: 'When the first visit is due, in seconds of the epoch',
    labels: [],
    read: ({ info }) => ofRun(info === undefined ? undefined : info.startEpochMs / 1000),
  },
  {
    name: 'run.exit_code',
    kind: 'gauge',
    unit: '',
    help: 'What the process ends with; none before the end',
    labels: [],
    read: ({ report }) => ofRun(report?.exitCode),
  },
  {
    name: 'threshold.passed',
    kind: 'gauge',
    unit: '',
    help: 'Whether a threshold held; none before the end',
    labels: ['threshold'],
    read: ({ report }) =>
      (report?.thresholds ?? []).map(({ expression, passed }) =>
        sample(passed ? 1 : 0, { threshold: expression }),
      ),
  },
  {
    name: 'verification.passed',
    kind: 'gauge',
    unit: '',
    help: 'Whether the target recorded what it accepted; none before the end, or where that cannot be told',
    labels: ['target'],
    read: ({ report }) =>
      (report?.verification?.targets ?? []).flatMap(({ name, result }) =>
        result === 'not-comparable' ? [] : [sample(result === 'equal' ? 1 : 0, { target: name })],
      ),
  },
  {
    name: 'generator.cpu',
    kind: 'counter',
    unit: 's',
    help: 'CPU time that this process has used, of all its threads',
    labels: [],
    read: () => {
      const { user, system } = cpuUsage();
      return ofRun((user + system) / 1e6);
    },
  },
  {
    name: 'generator.event_loop_delay',
    kind: 'gauge',
    unit: 's',
    help: 'By how much this process was late for itself since the start',
    labels: ['quantile'],
    read: ({ snapshot }) =>
      typeof snapshot?.eventLoopDelayP99Ms === 'number'
        ? [sample(snapshot.eventLoopDelayP99Ms / 1000, { quantile: '0.99' })]
        : [],
  },
  {
    name: 'generator.memory',
    kind: 'gauge',
    unit: 'By',
    help: 'Memory that this process holds',
    labels: [],
    read: () => ofRun(memoryUsage.rss()),
  },
];

function sample<T>(value: T, labels: Readonly<Record<string, string>>): Sample<T> {
  return { labels, value };
}

function ofTargets<T>(
  { targets }: MeasuredRun,
  read: (target: RunningTarget) => readonly Sample<T>[],
): Sample<T>[] {
  return targets.flatMap(read);
}

function ofEach<T>(run: MeasuredRun, read: (target: RunningTarget) => T): Sample<T>[] {
  return ofTargets(run, target => [sample(read(target), { target: target.config.name })]);
}

function ofRun(value: number | null | undefined): Sample<number>[] {
  return value === null || value === undefined ? [] : [sample(value, {})];
}
