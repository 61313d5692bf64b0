import type { Judge } from '../run/judge.ts';
import type { Report, ThresholdResult } from '../run/report.ts';
import { evaluate } from './evaluate.ts';
import { Mistake } from './mistake.ts';
import { parseThreshold } from './parse.ts';
import { reportStanding } from './report-standing.ts';
import { graceSeconds, type Threshold, thresholdText } from './threshold.ts';
import { valueText } from './value-text.ts';

/** Holds one run to its thresholds. What ended the run has failed, whatever becomes of its value while it drains. */
export function judgeOf(thresholds: readonly Threshold[]): Judge {
  const broken = new Map<Threshold, ThresholdResult>();
  const aborting = thresholds.filter(({ abort }) => abort !== undefined);

  const judge = (report: Report): ThresholdResult[] => {
    const standing = reportStanding(report);
    return thresholds.map(
      threshold =>
        broken.get(threshold) ?? {
          expression: thresholdText(threshold),
          ...evaluate(threshold, standing),
        },
    );
  };
  if (aborting.length === 0) return { judge };
  return {
    judge,
    watch: (standing, elapsedSeconds) =>
      aborting.flatMap(threshold => {
        if (elapsedSeconds < graceSeconds(threshold) || broken.has(threshold)) return [];
        const { value, passed } = evaluate(threshold, standing);
        // What has no data yet may have some later.
        if (passed || value === null) return [];
        const expression = thresholdText(threshold);
        const abortedAtSeconds = Math.round(elapsedSeconds * 1000) / 1000;
        broken.set(threshold, { expression, value, passed, abortedAtSeconds });
        return [`the run ends: ${expression} is broken, it is ${valueText(threshold, value)}`];
      }),
  };
}

/** The thresholds of a saved report, judged by what is in it now. What ended the run stays as it was. */
export function judgedAgain(report: Report): ThresholdResult[] {
  const standing = reportStanding(report);
  return report.thresholds.map(result => {
    if (result.abortedAtSeconds !== undefined) return result;
    const threshold = parsed(result.expression);
    return threshold === undefined
      ? result
      : { expression: result.expression, ...evaluate(threshold, standing) };
  });
}

/** Whether it is about what the servers recorded. */
export function isOfVerification({ expression }: ThresholdResult): boolean {
  const threshold = parsed(expression);
  return [threshold?.figure, threshold?.divisor].some(named => named?.parts[0] === 'verification');
}

/** undefined for what another version wrote. */
export function parsed(expression: string): Threshold | undefined {
  try {
    return parseThreshold(expression);
  } catch (error) {
    if (error instanceof Mistake) return undefined;
    throw error;
  }
}
