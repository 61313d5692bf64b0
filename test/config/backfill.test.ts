import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { backfillWarnings } from '../../src/config/backfill-checks.ts';
import { backfillWindow, daysIn } from '../../src/config/backfill-window.ts';
import { type Given, load, originOf, refusal } from './loading.ts';

const backfill = (given: Given) => load({ ...given, command: 'backfill' });
const refused = (given: Given) => refusal({ ...given, command: 'backfill' });

/** Monday, 23:30 in Stockholm, and Tuesday in Tokyo. */
const NOW = Date.parse('2026-03-30T21:30:00Z');
const window = (given: Given, timezone = 'Europe/Stockholm') =>
  backfillWindow(backfill(given), timezone, NOW);

function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('it was accepted');
}

const flags = (from: string, to: string) => ({ 'backfill.from': from, 'backfill.to': to });

describe('the window of a backfill', () => {
  it('is two days, both of which are filled', () => {
    const half = window({ flags: flags('2025-01-01', '2025-06-30') });
    expect(half).toEqual({
      firstDay: '2025-01-01',
      lastDay: '2025-06-30',
      visitsPerDay: 2000,
      maxVisits: undefined,
      growthPerWeek: 0,
      allowLong: false,
    });
    expect(daysIn(half)).toBe(181);
  });

  it.each([
    ['Europe/Stockholm', '2026-02-28', '2026-03-29'],
    ['Asia/Tokyo', '2026-03-01', '2026-03-30'],
  ])('is counted back from the today of %s', (timezone, firstDay, lastDay) => {
    const counts = { 'backfill.daysBack': '30', 'backfill.days': '30' };
    expect(window({ flags: counts }, timezone)).toMatchObject({ firstDay, lastDay });
  });

  it('of flags goes before one of variables, whichever way it is said', () => {
    const env = { BACKFILL_DAYS_BACK: '30', BACKFILL_DURATION_DAYS: '10' };
    expect(window({ env, flags: flags('2026-01-01', '2026-01-02') })).toMatchObject({
      firstDay: '2026-01-01',
      lastDay: '2026-01-02',
    });
  });

  it.each<[string, Given['flags'], string]>([
    ['none', {}, 'backfill: needs a window: --from and --to, or --days-back and --days'],
    ['half a window', { 'backfill.from': '2026-01-01' }, 'backfill.from = 2026-01-01 needs backfill.to too'],
    ['half a window', { 'backfill.days': '3' }, 'backfill.days = 3 needs backfill.daysBack too'],
    [
      'both kinds',
      { ...flags('2026-01-01', '2026-01-02'), 'backfill.days': '3' },
      'backfill.days = 3 is not possible with backfill.from = 2026-01-01 (--from)',
    ],
    ['an end before its start', flags('2026-01-02', '2026-01-01'), 'must not be before 2026-01-02'],
    ['a day that is none', flags('2026-02-30', '2026-03-01'), 'must be a day that exists'],
    ['something else', flags('yesterday', '2026-03-01'), 'must be a day, such as 2026-01-31'],
    [
      'more days than have been',
      { 'backfill.daysBack': '3', 'backfill.days': '5' },
      'must be at most 4: from 3 days ago on, more would end in the future',
    ],
    ['a long window', flags('2025-01-01', '2025-07-01'), 'makes a window of 182 days'],
  ])('that is %s is refused', (_, given, message) => {
    const told = refused({ flags: given ?? {} });
    expect(told).toContain(message);
    expect(told).not.toMatch(/has \d+ problems/);
  });

  it('may be long where that is meant', () => {
    const long = { ...flags('2024-01-01', '2025-12-31'), 'backfill.allowLong': true };
    expect(window({ flags: long })).toMatchObject({ allowLong: true });
    expect(backfillWarnings(backfill({ flags: long }).values, 731)).toEqual([
      '731 days are a long window: archiving them takes long, too',
    ]);
  });

  it('may end today, and not tomorrow', () => {
    expect(window({ flags: flags('2026-03-01', '2026-03-30') })).toMatchObject({ lastDay: '2026-03-30' });
    expect(failureOf(() => window({ flags: flags('2026-03-01', '2026-03-31') }))).toContain(
      'CONFIG_INVALID: 2026-03-31, the last day to fill, is to come: today is 2026-03-30 in Europe/Stockholm',
    );
    expect(window({ flags: flags('2026-03-01', '2026-03-31') }, 'Asia/Tokyo')).toMatchObject({
      lastDay: '2026-03-31',
    });
  });

  it('does not begin before what Matomo takes', () => {
    expect(failureOf(() => window({ flags: flags('2006-03-30', '2006-04-01') }))).toContain(
      'more than 20 years ago: Matomo would record its visits as of now',
    );
  });
});

describe('how much a backfill sends', () => {
  const days = flags('2026-01-01', '2026-01-02');

  it.each([
    ['2%/week', 0.02],
    ['-1.5 % / week', -0.015],
    ['0', 0],
  ])('grows by %s', (growth, growthPerWeek) => {
    expect(window({ flags: { ...days, 'backfill.growth': growth } }).growthPerWeek).toBeCloseTo(
      growthPerWeek,
      12,
    );
  });

  it.each(['2%', '2%/day', '-100%/week', 'x'])('does not grow by %s', growth => {
    expect(refused({ flags: { ...days, 'backfill.growth': growth } })).toContain('backfill.growth');
  });

  it('is refused where its caps contradict each other', () => {
    const flagged = { ...days, 'backfill.visitsPerDay': '100', 'backfill.maxVisits': '99' };
    expect(refused({ flags: flagged })).toContain(
      'backfill.maxVisits = 99 must be at least backfill.visitsPerDay = 100 (--visits-per-day)',
    );
  });

  it('has no days by chance', () => {
    expect(refused({ flags: { ...days, arrivals: 'poisson' } })).toContain(
      'arrivals = poisson is not possible in a backfill',
    );
    expect(backfill({ flags: { ...days, arrivals: 'curve' } }).values.arrivals).toBe('curve');
  });

  it.each<[string, Given]>([
    ['a flag', { flags: { shard: '1/2' } }],
    ['a variable', { env: { TRAFFICINATOR_SHARD: '1/2' } }],
    ['a file', { files: { 'trafficinator.yaml': 'shard: 1/2\n' } }],
  ])('is not parted by %s', (_, { flags: more, ...given }) => {
    expect(refused({ ...given, flags: { ...days, ...more } })).toContain(
      'shard = 1/2 is not possible in a backfill: give each machine days of its own',
    );
  });

  it('goes in bulk where nobody says otherwise', () => {
    expect(backfill({ flags: days }).values.transport).toBe('bulk');
    expect(backfill({ flags: { ...days, transport: 'single' } }).values.transport).toBe('single');
    expect(load({}).values.transport).toBe('single');
  });

  it('has a rate of its own: that of a preset is for runs', () => {
    const loaded = backfill({ flags: { ...days, preset: 'heavy' } });
    expect(loaded.values.backfill.rate).toBeUndefined();
    expect(loaded.warnings.filter(warning => !warning.includes('token'))).toEqual([]);
    expect(backfill({ flags: { ...days, 'backfill.rate': '5000/min' } }).values.backfill.rate).toBeCloseTo(
      83.33,
      1,
    );
  });
});

describe('the variables of the Python Trafficinator', () => {
  it('say the same', () => {
    const loaded = backfill({
      env: {
        BACKFILL_ENABLED: 'true',
        BACKFILL_START_DATE: '2026-01-01',
        BACKFILL_END_DATE: '2026-01-31',
        BACKFILL_MAX_VISITS_PER_DAY: '300',
        BACKFILL_RPS_LIMIT: '25',
        BACKFILL_SEED: '7',
        BACKFILL_RUN_ONCE: 'true',
      },
    });
    expect(loaded.values.backfill).toMatchObject({ rate: 25, seed: 7, runOnce: true });
    expect(backfillWindow(loaded, 'CET', NOW)).toMatchObject({ visitsPerDay: 300, maxVisits: 200_000 });
    expect(originOf(loaded, 'backfill.from')).toBe('environment variable BACKFILL_START_DATE');
  });

  it.each([
    ['BACKFILL_DAYS_BACK', '366', '1 to 365'],
    ['BACKFILL_DURATION_DAYS', '0', '1 to 365'],
    ['BACKFILL_MAX_VISITS_PER_DAY', '10001', '1 to 10000'],
    ['BACKFILL_RPS_LIMIT', '501', '0 to 500'],
  ])('%s = %s is beyond its limits', (name, value, limits) => {
    expect(refused({ env: { [name]: value } })).toContain(`must be a number from ${limits}`);
  });

  it('warn of what is heavy, and of what is beyond their limits elsewhere', () => {
    const days = flags('2026-01-01', '2026-01-02');
    const heavy = { ...days, 'backfill.visitsPerDay': '20000', 'backfill.rate': '200/s' };
    const { values, warnings } = backfill({ flags: heavy });
    expect(warnings).toContain(
      'backfill.visitsPerDay = 20000 (--visits-per-day) is beyond the usual 1 to 10000 of BACKFILL_MAX_VISITS_PER_DAY',
    );
    expect(backfillWarnings(values, 2)).toEqual([
      '20000 visits a day make large archives for many servers',
      '200 visits a second are a heavy load for many servers',
    ]);
  });

  it('end after 200,000 visits only where they are what asks for a backfill', () => {
    const total = (env: Given['env'] = {}) =>
      window({ env, flags: flags('2026-01-01', '2026-01-02') }).maxVisits;
    expect(total()).toBeUndefined();
    expect(total({ BACKFILL_ENABLED: 'true' })).toBe(200_000);
    expect(total({ BACKFILL_ENABLED: 'true', BACKFILL_MAX_VISITS_TOTAL: '0' })).toBeUndefined();
  });

  it('say nothing to a run as long as they do not ask for a backfill', () => {
    const env = { BACKFILL_ENABLED: 'false', BACKFILL_DAYS_BACK: '30', BACKFILL_RUN_ONCE: 'true' };
    expect(load({ env }).notices).toEqual([]);
  });
});
