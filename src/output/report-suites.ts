import type { Report, TargetReport, ThresholdResult, VerifiedTarget } from '../run/report.ts';
import { causeWords } from './difference-causes.ts';
import { counted, duration, grouped } from './number-format.ts';
import { oneLine } from './text-width.ts';
import { resultText } from './threshold-lines.ts';
import { targetTrouble } from './verdict.ts';

export type CaseResult = 'passed' | 'failed' | 'skipped';

/** Something of a report that can pass or fail. */
export interface ReportCase {
  readonly name: string;
  readonly result: CaseResult;
  /** Why it failed or was skipped: the first line is the message, what follows tells more. Empty where it passed. */
  readonly text: string;
  /** `account`, `end`, `threshold`, `health` or `verification` */
  readonly kind: string;
}

export interface ReportSuite {
  /** `run`, `thresholds`, `target.NAME`, `verification.NAME` */
  readonly name: string;
  readonly cases: readonly ReportCase[];
  readonly warnings: readonly string[];
}

/**
 * All of a report that can pass or fail. What fails here is what the exit code tells of, and nothing else: hits that were
 * lost on the way are no failure unless a threshold says so.
 */
export function reportSuites(report: Report): ReportSuite[] {
  const { thresholds, targets, verification, generator } = report;
  return [
    { name: 'run', cases: runCases(report), warnings: generator?.warnings ?? [] },
    ...(thresholds.length === 0
      ? []
      : [{ name: 'thresholds', cases: thresholds.map(thresholdCase), warnings: [] }]),
    ...targets.map(target => ({ name: `target.${target.name}`, cases: [healthCase(target)], warnings: [] })),
    ...(verification?.targets ?? []).map(target => ({
      name: `verification.${target.name}`,
      cases: verificationCases(target),
      warnings: [],
    })),
  ];
}

function runCases(report: Report): ReportCase[] {
  const { hits, visits, run } = report;
  const ended = visits.completed + visits.partial + visits.failed + visits.dropped + visits.skipped;
  const isWhole = hits.unaccounted === 0 && ended === visits.planned;
  const left =
    run.remaining === null || run.remaining === 0
      ? ''
      : `, ${counted(run.remaining, 'visit')} before its end`;
  return [
    testCase(
      'account',
      'every hit is accounted for',
      isWhole
        ? undefined
        : `${grouped(hits.unaccounted)} of ${counted(hits.planned, 'hit')} have no outcome: this is a bug`,
    ),
    testCase(
      'end',
      'was not interrupted',
      run.stoppedBy === 'signal'
        ? `stopped by a signal after ${duration(run.durationSeconds)}${left}`
        : undefined,
    ),
  ];
}

function thresholdCase(threshold: ThresholdResult): ReportCase {
  return testCase('threshold', threshold.expression, threshold.passed ? undefined : brokenText(threshold));
}

/** Why a threshold failed, in words. */
export function brokenText(threshold: ThresholdResult): string {
  return threshold.value === null
    ? 'there is no data, which is a failure'
    : `the value was ${resultText(threshold)}`;
}

function healthCase(target: TargetReport): ReportCase {
  const trouble = targetTrouble(target);
  const told = target.errors.map(
    ({ code, count, example }) => `${code}: ${grouped(count)} (${oneLine(example)})`,
  );
  return testCase(
    'health',
    'was up and took hits',
    trouble === undefined ? undefined : [trouble, ...told].join('\n'),
  );
}

/** Figures one by one, and visits where they were compared one by one. */
function verificationCases(target: VerifiedTarget): ReportCase[] {
  if (target.result === 'not-comparable') {
    const text = `not comparable: ${target.reason ?? 'the server does not tell enough'}`;
    return [{ kind: 'verification', name: 'recorded as planned', result: 'skipped', text }];
  }
  const differing = new Set(target.differences.map(({ name }) => name));
  return [
    testCase(
      'verification',
      'recorded as planned',
      target.result === 'equal' ? undefined : differenceText(target),
    ),
    ...target.figures.map(({ name, planned, recorded }) =>
      testCase(
        'verification',
        name,
        differing.has(name) ? `planned ${planned}, recorded ${recorded}` : undefined,
      ),
    ),
  ];
}

function differenceText({ differences, causes, visits, visitsLeftOut, names }: VerifiedTarget): string {
  const differing = visits.length + visitsLeftOut;
  const otherNames = names.filter(({ planned, recorded }) => planned !== recorded);
  return [
    'not recorded as planned',
    ...differences.map(({ name, planned, recorded }) => `${name}: planned ${planned}, recorded ${recorded}`),
    ...(differing === 0 ? [] : [`${counted(differing, 'visit')} recorded otherwise`]),
    ...causes.map(({ cause, visits: count }) => `${counted(count, 'visit')}: ${causeWords[cause]}`),
    ...visits.map(({ index, visitorId, explanation }) => `visit ${index} of ${visitorId}: ${explanation}`),
    ...otherNames.map(({ name, planned, recorded }) => `${name}: planned ${planned}, recorded ${recorded}`),
  ].join('\n');
}

/** @param problem why it failed; undefined: it passed */
function testCase(kind: string, name: string, problem: string | undefined): ReportCase {
  return { kind, name, result: problem === undefined ? 'passed' : 'failed', text: problem ?? '' };
}
