import { Chalk } from 'chalk';
import type { Report, TargetReport, Verification, VerifiedTarget } from '../run/report.ts';
import { counted, grouped, milliseconds } from './number-format.ts';
import { brokenText } from './report-suites.ts';
import { resultText } from './threshold-lines.ts';
import { exitReason, headline } from './verdict.ts';

/** GitHub takes a MiB a step: of long lists the first are told, and how many are left. */
const MOST_ROWS = 50;

const plain = new Chalk({ level: 0 });

/** Text of a report, as it may be shown. */
type Shown = (text: string) => string;

/**
 * A report as Markdown, for the summary of a job: verdict, targets, thresholds and verification.
 *
 * @param mask takes secrets out, before they are escaped: afterwards they would not be recognised
 */
export function stepSummary(report: Report, mask: (text: string) => string = text => text): string {
  const shown: Shown = text => markdownText(mask(text));
  const { run, thresholds, verification, generator } = report;
  const reason = exitReason(report);
  const blocks = [
    `### trafficinator ${shown(run.command)}`,
    shown(headline(report, plain)),
    ...(reason === undefined ? [] : [`**${shown(reason)}**`]),
    ...generator.warnings.map(warning => `> ⚠ ${shown(warning)}`),
    table(
      [
        'target',
        '-visits',
        '-hits',
        '-accepted',
        '-rejected',
        '-failed',
        '-unknown',
        '-skipped',
        '-p50',
        '-p95',
        '-p99',
        'at the end',
      ],
      report.targets.map(targetRow),
      shown,
    ),
    ...(thresholds.length === 0
      ? []
      : [
          table(
            ['', 'threshold', '-value'],
            thresholds.map(threshold => [
              threshold.passed ? '✓' : '✗',
              threshold.expression,
              threshold.value === null ? brokenText(threshold) : resultText(threshold),
            ]),
            shown,
          ),
        ]),
    ...(verification === null ? [] : verificationBlocks(verification, shown)),
    shown(`run ${run.id} · seed ${run.seed} · trafficinator ${run.version}`),
  ];
  return `${blocks.join('\n\n')}\n\n`;
}

function targetRow({ name, visits, hits, latencyMs, health }: TargetReport): string[] {
  const { planned, accepted, rejected, failed, unknown, skipped } = hits;
  const counts = [visits.planned, planned, accepted, rejected, failed, unknown, skipped];
  const times = [latencyMs?.p50, latencyMs?.p95, latencyMs?.p99];
  return [name, ...counts.map(grouped), ...times.map(time => milliseconds(time ?? null)), health.state];
}

/** What was recorded: a row a target, and one for each figure that differs. */
function verificationBlocks({ targets }: Verification, shown: Shown): string[] {
  const differing = targets.flatMap(({ name, differences }) =>
    differences.map(figure => [name, figure.name, String(figure.planned), String(figure.recorded)]),
  );
  return [
    table(['', 'target', 'recorded'], targets.map(verifiedRow), shown),
    ...(differing.length === 0
      ? []
      : [table(['target', 'differs', '-planned', '-recorded'], differing, shown)]),
  ];
}

function verifiedRow(target: VerifiedTarget): string[] {
  const { name, result, reason, figures, visits, visitsLeftOut } = target;
  switch (result) {
    case 'equal':
      return ['✓', name, `as planned: ${counted(figures.length, 'figure')} compared`];
    case 'different':
      return ['✗', name, `otherwise: ${counted(visits.length + visitsLeftOut, 'visit')} found to differ`];
    case 'not-comparable':
      return ['!', name, `not comparable: ${reason ?? 'the server does not tell enough'}`];
  }
}

/** @param columns with a dash before those whose cells stand at the right */
function table(columns: readonly string[], rows: readonly (readonly string[])[], shown: Shown): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const left = rows.length - MOST_ROWS;
  return [
    line(columns.map(column => column.replace(/^-/, ''))),
    line(columns.map(column => (column.startsWith('-') ? '--:' : ':--'))),
    ...rows.slice(0, MOST_ROWS).map(cells => line(cells.map(shown))),
    ...(left > 0 ? [line([`and ${grouped(left)} more`, ...columns.slice(1).map(() => '')])] : []),
  ].join('\n');
}

/**
 * Any text as it may stand in a line of Markdown: read as it is. Every ASCII punctuation character may be escaped
 * (CommonMark 2.4), and line ends and other control characters have no place in a cell.
 */
export function markdownText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').replace(/[!"#$%&'()*+/:;<=>?@[\\\]^_`{|}~-]/g, '\\$&');
}
