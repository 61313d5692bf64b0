import { Failure } from '../base/failure.ts';
import { reportedPlan } from '../run/build-report.ts';
import type { Report, TargetReport } from '../run/report.ts';
import { addVisit, emptyPlanTotals } from '../traffic/plan-totals.ts';
import type { Visit } from '../traffic/visit.ts';
import type { PlannedTraffic } from './verify-run.ts';

/**
 * Makes sure that what is planned again is what the run planned: a server must not be blamed for a report that was
 * changed, or for a version that plans otherwise.
 *
 * @throws Failure FILE_INVALID
 */
export function refuseOtherPlan({ targets, run }: Report, traffic: PlannedTraffic): void {
  // Then it is not known which visits a target had, and nothing is compared.
  if (targets.some(({ takenLeftOut }) => takenLeftOut > 0)) return;
  for (const [position, target] of targets.entries()) {
    const visits = traffic.targets[position]?.visits() ?? [];
    const other = differingFigure(target, visits);
    if (other === undefined) continue;
    throw new Failure(
      'FILE_INVALID',
      `the plan of ${target.name} made again from the report is another than it counts: ${other}`,
      {
        hint: `The report was changed, or another version than ${run.version} makes another plan of it. Take the file as the run wrote it, and the trafficinator that ran it.`,
      },
    );
  }
}

/** `1,194 hits, and it counts 1,190`; figures that a version did not count yet are not compared. */
function differingFigure({ plan }: TargetReport, visits: Iterable<Visit>): string | undefined {
  const totals = emptyPlanTotals();
  for (const visit of visits) addVisit(totals, visit);
  const counted = new Map<string, number>(Object.entries(plan));
  for (const [name, made] of Object.entries(reportedPlan(totals))) {
    const told = counted.get(name);
    if (told !== undefined && told !== made) return `${made} ${name}, and it counts ${told}`;
  }
  return undefined;
}
