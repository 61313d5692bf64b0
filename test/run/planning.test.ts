import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datesOf, hitsNeedToken, preparePlan, trafficOf } from '../../src/run/planning.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { runIdentity } from '../../src/traffic/identity.ts';
import { runConfig, targetConfig, traffic } from '../support/run-config.ts';

const url = 'http://127.0.0.1:9/matomo.php';
const identity = runIdentity('test', 0);
const distributions = ['split', 'mirror', 'independent', 'failover'] as const;

function run(more: Partial<RunConfig>, ...targets: Parameters<typeof targetConfig>[1][]): RunConfig {
  return runConfig(targetConfig(url), {
    targets: targets.map((target, at) => targetConfig(url, { name: `t${at}`, ...target })),
    ...more,
  });
}

/** The first visits of each target, all planned to begin at once. */
function firstVisits(config: RunConfig, count: number) {
  return config.targets.map(target => {
    const plan = preparePlan(config, target)(identity, 0, { zones: ['UTC'], serverLagSeconds: 0 });
    return Array.from({ length: count }, (_, index) => plan(index, 0));
  });
}

describe('the zone whose midnights matter to a target', () => {
  const config = (distribution: RunConfig['distribution']) =>
    run(
      { distribution, timezone: 'Asia/Tokyo' },
      { timezone: 'Europe/Stockholm' },
      { timezone: 'Asia/Kolkata' },
      { timezone: undefined },
    );

  const told = (...timezones: (string | undefined)[]) =>
    timezones.map(timezone => ({ timezone, serverLagSeconds: undefined }));
  const zonesOf = (...args: Parameters<typeof datesOf>) => datesOf(...args).map(({ zones }) => zones);

  it('is what the site says, else the target’s, else the run’s', () => {
    expect(zonesOf(config('split'), told('America/Lima'))).toEqual([
      ['America/Lima'],
      ['Asia/Kolkata'],
      ['Asia/Tokyo'],
    ]);
    expect(zonesOf(config('independent'), [])).toEqual([
      ['Europe/Stockholm'],
      ['Asia/Kolkata'],
      ['Asia/Tokyo'],
    ]);
  });

  it('is that of every target under mirror, each once and in one order', () => {
    const all = ['America/Lima', 'Asia/Kolkata', 'Asia/Tokyo'];
    expect(zonesOf(config('mirror'), told('America/Lima'))).toEqual([all, all, all]);
    expect(zonesOf(config('mirror'), told('UTC', 'UTC', 'UTC'))).toEqual([['UTC'], ['UTC'], ['UTC']]);
  });

  it('is named beside them, for each target', () => {
    const names = (distribution: RunConfig['distribution']) =>
      datesOf(config(distribution), told('America/Lima')).map(({ timezone }) => timezone);
    const own = ['America/Lima', 'Asia/Kolkata', 'Asia/Tokyo'];
    expect([names('split'), names('mirror')]).toEqual([own, own]);
  });
});

describe('how far a clock is behind', () => {
  const lags = (distribution: RunConfig['distribution']) =>
    datesOf(
      run({ distribution }, {}, {}, {}),
      [3, 90, undefined].map(serverLagSeconds => ({ timezone: undefined, serverLagSeconds })),
    ).map(({ serverLagSeconds }) => serverLagSeconds);

  it('is each target’s own, and under mirror that of the one furthest behind', () => {
    expect(lags('split')).toEqual([3, 90, 0]);
    expect(lags('independent')).toEqual([3, 90, 0]);
    expect(lags('mirror')).toEqual([90, 90, 90]);
  });
});

describe('visitors’ places', () => {
  const seen = (config: RunConfig) =>
    firstVisits(config, 20).map(visits => visits.map(({ visitor }) => [visitor.country, visitor.ip]));

  it('are left out where there is no token, because Matomo takes them with one only', () => {
    const config = run({}, { token: 'secret' }, { token: undefined });
    const [withToken = [], without = []] = seen(config);
    expect(withToken.every(([country, ip]) => country !== undefined && ip !== undefined)).toBe(true);
    expect(without.every(([country, ip]) => country === undefined && ip === undefined)).toBe(true);
    expect(config.targets.map(target => hitsNeedToken(config, target))).toEqual([true, false]);
  });

  it('are left out where they are not asked for, and no token is needed then', () => {
    const config = run(
      { traffic: { ...traffic, randomizeCountries: false } },
      { token: 'secret' },
      { token: 'secret', traffic },
    );
    expect(config.targets.map(target => hitsNeedToken(config, target))).toEqual([false, true]);
    expect(seen(config)[0]?.every(([country]) => country === undefined)).toBe(true);
    expect(seen(config)[1]?.every(([country]) => country !== undefined)).toBe(true);
  });

  it('are all that a token changes in a visit', () => {
    const [withToken = [], without = []] = firstVisits(run({}, { token: 'secret' }, {}), 20);
    const rest = (visit: (typeof withToken)[number]) => ({
      ...visit,
      visitor: { ...visit.visitor, country: undefined, ip: undefined },
    });
    expect(withToken.map(rest)).toEqual(without.map(rest));
  });
});

describe('the visits of a target', () => {
  it('are made of what the target says, else of what the run says', () => {
    const noOrders = { ...traffic, ecommerce: { ...traffic.ecommerce, probability: 0 } };
    const config = run({ distribution: 'split' }, {}, { traffic: noOrders });
    expect(config.targets.map(target => trafficOf(config, target))).toEqual([traffic, noOrders]);
    const orders = firstVisits(config, 60).map(
      visits => visits.flatMap(visit => visit.hits).filter(hit => hit.type === 'order').length,
    );
    expect(orders[0]).toBeGreaterThan(0);
    expect(orders[1]).toBe(0);
  });

  it('are of nobody else’s visitors under independent, and of the same ones otherwise', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...distributions),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        (distribution, count, seed) => {
          const config = run({ distribution, seed }, ...Array.from({ length: count }, () => ({})));
          const visits = firstVisits(config, 12);
          const ids = visits.map(one => one.map(({ visitorId }) => visitorId));
          const orders = visits.flatMap(one =>
            one.flatMap(({ hits }) => hits.flatMap(hit => (hit.type === 'order' ? [hit.deed.order.id] : []))),
          );
          for (const own of ids) expect(new Set(own).size).toBe(12);
          if (distribution === 'independent') {
            expect(new Set(ids.flat()).size).toBe(12 * count);
            expect(new Set(orders).size).toBe(orders.length);
          } else for (const own of visits) expect(own).toEqual(visits[0]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
