import { zoneOf } from '../../src/base/zone.ts';
import type { Delivery, Transport } from '../../src/delivery/transport.ts';
import type { Verdict } from '../../src/matomo/outcome.ts';
import { runIdentity } from '../../src/traffic/identity.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import type { TrafficSettings } from '../../src/traffic/settings.ts';
import type { Visit } from '../../src/traffic/visit.ts';
import { traffic } from './run-config.ts';

/** A planned visit. */
export function plannedVisit(index: number, settings: TrafficSettings = traffic): Visit {
  const plan = visitPlan(
    { seed: 1, identity: runIdentity('test', 0), startEpochMs: Date.now(), pauseSeconds: { min: 0, max: 0 } },
    { traffic: settings, dating: { clock: 'compressed', zones: [zoneOf('UTC')], serverLagSeconds: 0 } },
  );
  return plan(index, 0);
}

/** A delivery that keeps what it was told. */
export interface Told extends Delivery {
  /** When its bytes went out, each time. */
  readonly sentMs: readonly number[];
  readonly verdicts: readonly Verdict[];
  /** All hits have their verdict. */
  readonly done: Promise<readonly Verdict[]>;
}

/** Hands hits of a visit over. */
export function deliver(transport: Transport, visit: Visit, first = 0, count = 1): Told {
  const sentMs: number[] = [];
  const verdicts: Verdict[] = [];
  let settle: (verdicts: readonly Verdict[]) => void = () => {};
  const done = new Promise<readonly Verdict[]>(resolve => {
    settle = resolve;
  });
  const told: Told = {
    visit,
    first,
    count,
    sentMs,
    verdicts,
    done,
    onSent: nowMs => sentMs.push(nowMs),
    onVerdict(at, verdict) {
      if (at !== first + verdicts.length) throw new Error(`verdict on hit ${at} out of turn`);
      verdicts.push(verdict);
      if (verdicts.length > count) throw new Error('a verdict too many');
      if (verdicts.length === count) settle(verdicts);
    },
  };
  transport.deliver(told);
  return told;
}
