import { mergedErrors } from '../run/error-order.ts';
import { Histogram } from '../run/histogram.ts';
import type { Distribution, Report, VerifiedTarget } from '../run/report.ts';
import type { RunStanding, Standing } from '../run/standing.ts';

/** What a run came to, by its report. */
export function reportStanding(report: Report): RunStanding {
  const verified = new Map(report.verification?.targets.map(target => [target.name, target]));
  const isStrict = report.verification?.strict ?? false;
  const differences = report.targets.map(({ name }) => differenceOf(verified.get(name), isStrict));
  const whole = (
    of: Report | Report['targets'][number],
    difference: number | null,
  ): Omit<Standing, 'errors'> => ({
    visits: of.visits,
    hits: of.hits,
    rate: of.rate,
    latency: histogramOf(of.latencyMs),
    lateness: histogramOf(of.latenessMs),
    difference,
  });
  return {
    ...whole(
      report,
      differences.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0),
    ),
    errors: mergedErrors(report.targets.map(({ errors }) => errors)),
    targets: new Map(
      report.targets.map((target, at) => [
        target.name,
        { ...whole(target, differences[at] ?? null), errors: target.errors },
      ]),
    ),
  };
}

/** Figures and visits that differ, and names where they count. */
function differenceOf(target: VerifiedTarget | undefined, isStrict: boolean): number | null {
  if (target === undefined || target.result === 'not-comparable') return null;
  const { differences, visits, visitsLeftOut, names } = target;
  const named = isStrict ? names.filter(({ planned, recorded }) => planned !== recorded).length : 0;
  return differences.length + visits.length + visitsLeftOut + named;
}

/** Empty where there are no times, or where a report was changed by hand. */
function histogramOf(times: Distribution | null): Histogram {
  if (times === null) return new Histogram();
  try {
    return Histogram.parse(times.histogram);
  } catch (error) {
    if (error instanceof RangeError) return new Histogram();
    throw error;
  }
}
