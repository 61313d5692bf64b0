import type { ChalkInstance } from 'chalk';
import type { Finding } from '../validation/finding.ts';
import type { FindingLevel } from '../validation/finding-codes.ts';
import type { TargetValidation } from '../validation/validate-target.ts';
import { counted, milliseconds } from './number-format.ts';
import { oneLine, wrapWords } from './text-width.ts';

export interface ValidationLook {
  readonly chalk: ChalkInstance;
  /** Columns. */
  readonly width: number;
}

/** What stands below a finding's mark. */
const INDENT = '    ';

const marks: Readonly<Record<FindingLevel, string>> = { ok: '✓', warning: '!', error: '✗' };

/** A block a target: its findings, each with what to do below it. */
export function validationLines(targets: readonly TargetValidation[], look: ValidationLook): string[] {
  return targets.flatMap(target => [...headLines(target, look), ...findingLines(target.findings, look), '']);
}

function headLines({ name, url, siteId, roundTripMs }: TargetValidation, { chalk, width }: ValidationLook) {
  const round = roundTripMs === null ? '' : `, round trip ${milliseconds(roundTripMs)}`;
  const [first = '', ...more] = wrapWords(`${oneLine(name)}  ${url}, site ${siteId}${round}`, width, '  ');
  const shown = oneLine(name);
  const head = first.startsWith(shown) ? chalk.bold(shown) + chalk.dim(first.slice(shown.length)) : first;
  return [head, ...more.map(line => chalk.dim(line))];
}

function findingLines(findings: readonly Finding[], look: ValidationLook): string[] {
  const { chalk, width } = look;
  return findings.flatMap(({ level, message, hint }) => {
    const style = styleOf(level, chalk);
    const [first = '', ...more] = wrapWords(oneLine(message), width - INDENT.length, '');
    const hints = hint === undefined ? [] : wrapWords(oneLine(hint), width - INDENT.length, '');
    return [
      style(`  ${marks[level]} ${first}`),
      ...more.map(line => style(INDENT + line)),
      ...hints.map(line => chalk.dim(INDENT + line)),
    ];
  });
}

function styleOf(level: FindingLevel, chalk: ChalkInstance): (text: string) => string {
  if (level === 'error') return chalk.red;
  return level === 'warning' ? chalk.yellow : text => text.replace('✓', chalk.green('✓'));
}

/** The verdict on all targets. */
export function verdictLine(targets: readonly TargetValidation[], { chalk }: ValidationLook): string {
  const levels = targets.flatMap(({ findings }) => findings.map(({ level }) => level));
  const errors = levels.filter(level => level === 'error').length;
  const warnings = levels.filter(level => level === 'warning').length;
  const warned = warnings === 0 ? '' : counted(warnings, 'warning');
  if (errors > 0) {
    const told = [counted(errors, 'error'), ...(warned === '' ? [] : [warned])].join(', ');
    return chalk.red(`✗ ${told}: a run would not be recorded as planned`);
  }
  return `${chalk.green('✓')} ${warned === '' ? 'all is well' : warned}: a run can begin`;
}
