import type { Report, Verification } from '../run/report.ts';
import { counted, grouped } from './number-format.ts';
import { brokenText } from './report-suites.ts';
import { targetTrouble } from './verdict.ts';

/** What GitHub shows beside a job. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** GitHub shows no more of a level for a step. */
const MOST = 10;
/** Named in one message; the report has them all. */
const NAMED_FIGURES = 10;

/** What of a run a person should look at: why it failed, and what makes it doubtful. */
export function annotationsOf(report: Report): Annotation[] {
  const { hits, thresholds, targets, verification, generator } = report;
  return limited([
    ...(hits.unaccounted === 0
      ? []
      : [error('account', `${counted(hits.unaccounted, 'hit')} unaccounted for: this is a bug`)]),
    ...targets.flatMap(target => {
      const trouble = targetTrouble(target);
      return trouble === undefined ? [] : [error('target lost', trouble)];
    }),
    ...thresholds.flatMap(threshold =>
      threshold.passed
        ? []
        : [error('threshold failed', `${threshold.expression}: ${brokenText(threshold)}`)],
    ),
    ...(verification === null ? [] : ofVerification(verification)),
    ...generator.warnings.map(message => ({ level: 'warning' as const, title: 'load generator', message })),
  ]);
}

/** The same of a verification alone. */
export function annotationsOfVerification(verification: Verification): Annotation[] {
  return limited(ofVerification(verification));
}

function ofVerification({ targets }: Verification): Annotation[] {
  return targets.flatMap((target): Annotation[] => {
    const { name, result, reason, differences, visits, visitsLeftOut } = target;
    if (result === 'equal') return [];
    if (result === 'not-comparable') {
      const message = `${name}: ${reason ?? 'the server does not tell enough'}`;
      return [{ level: 'warning', title: 'not verified', message }];
    }
    const named = differences.slice(0, NAMED_FIGURES);
    const left = differences.length - named.length;
    const differing = visits.length + visitsLeftOut;
    const parts = [
      ...named.map(figure => `${figure.name} ${figure.planned} planned, ${figure.recorded} recorded`),
      ...(left === 0 ? [] : [counted(left, 'more figure')]),
      ...(differing === 0 ? [] : [`${counted(differing, 'visit')} recorded otherwise`]),
    ];
    const what = parts.length === 0 ? 'names of its own lists differ' : parts.join('; ');
    return [error('not recorded as planned', `${name}: ${what}`)];
  });
}

/**
 * An annotation as a job tells it, a line.
 *
 * See "Workflow commands" in GitHub's documentation: percent signs and line ends are escaped, and in a property colons
 * and commas, too.
 */
export function workflowCommand({ level, title, message }: Annotation): string {
  const property = escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=trafficinator%3A ${property}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function error(title: string, message: string): Annotation {
  return { level: 'error', title, message };
}

/** The last of a level that is shown tells of those that are not. */
function limited(all: readonly Annotation[]): Annotation[] {
  return (['error', 'warning'] as const).flatMap(level => {
    const own = all.filter(annotation => annotation.level === level);
    if (own.length <= MOST) return own;
    const left = own.length - MOST + 1;
    return [
      ...own.slice(0, MOST - 1),
      { level, title: 'and more', message: `${grouped(left)} more like these` },
    ];
  });
}
