import { expect } from 'vitest';
import { secretMask } from '../../src/base/mask-secrets.ts';
import type { Collector } from '../../src/collector/collector.ts';
import type { Report, Verification, VerifiedTarget, VisitDifference } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import {
  type PlannedTraffic,
  type VerifyRequest,
  verifyRun,
  verifyTraffic,
} from '../../src/verification/verify-run.ts';

/** Asks with the collector's own token, for every target of the run. */
export function verify(
  config: RunConfig,
  report: Report,
  collectors: Collector | readonly Collector[],
  more: Partial<VerifyRequest> & { readonly traffic?: PlannedTraffic } = {},
): Promise<Verification> {
  const list = 'token' in collectors ? [collectors] : collectors;
  const { traffic, ...options } = more;
  const request: VerifyRequest = {
    config,
    report,
    tokens: new Map(config.targets.map(({ name }, at) => [name, (list[at] ?? list[0])?.token ?? ''])),
    method: 'visits',
    strict: false,
    waitMs: 0,
    mask: secretMask(config.targets.flatMap(({ token }) => token ?? [])),
    ...options,
  };
  return traffic === undefined ? verifyRun(request) : verifyTraffic(request, traffic);
}

export function onlyTarget({ targets }: Verification): VerifiedTarget {
  const [target] = targets;
  if (target === undefined || targets.length !== 1) throw new Error(`${targets.length} targets`);
  return target;
}

export function onlyDifference(verification: Verification): VisitDifference {
  const { visits } = onlyTarget(verification);
  const [visit] = visits;
  if (visit === undefined || visits.length !== 1) {
    throw new Error(`${visits.length} visits differ: ${JSON.stringify(visits, null, 1)}`);
  }
  return visit;
}

/** Every target recorded what was planned, visit by visit and in every figure and name. */
export function expectEqual(verification: Verification, visits: number): void {
  for (const target of verification.targets) {
    expect(target).toMatchObject({ result: 'equal', reason: null, differences: [], visits: [], causes: [] });
    expect(target.names.filter(({ planned, recorded }) => planned !== recorded)).toEqual([]);
  }
  expect(verification.passed).toBe(true);
  const listed = verification.targets.map(target => figure(target, 'visits').recorded);
  expect(listed.reduce((sum, count) => sum + count, 0)).toBe(visits);
}

export function figure({ figures }: VerifiedTarget, name: string) {
  const found = figures.find(one => one.name === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}
