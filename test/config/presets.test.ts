import { describe, expect, it } from 'vitest';
import { loadShippedPreset, presetAsEnv, presetAsYaml } from '../../src/config/export-preset.ts';
import { shippedPreset, shippedPresets } from '../../src/config/preset.ts';
import { load } from './loading.ts';

/** The numbers of the Python Trafficinator. */
const legacy = [
  {
    name: 'light',
    perDay: 1000,
    pageviews: [2, 4],
    concurrency: 10,
    pause: [1, 3],
    search: 0.1,
    minutes: [0.5, 3],
    value: 99.99,
  },
  {
    name: 'medium',
    perDay: 10_000,
    pageviews: [3, 6],
    concurrency: 50,
    pause: [0.5, 2],
    search: 0.15,
    minutes: [1, 8],
    value: 299.99,
  },
  {
    name: 'heavy',
    perDay: 50_000,
    pageviews: [4, 8],
    concurrency: 150,
    pause: [0.3, 1.5],
    search: 0.2,
    minutes: [2, 12],
    value: 499.99,
  },
  {
    name: 'extreme',
    perDay: 100_000,
    pageviews: [5, 10],
    concurrency: 300,
    pause: [0.2, 1],
    search: 0.25,
    minutes: [3, 15],
    value: 999.99,
  },
];

const ends = ({ min, max }: { min: number; max: number }) => [min, max];

describe('presets', () => {
  it.each(legacy)('$name has the legacy numbers', preset => {
    const { rate, traffic, concurrency, pause, timezone } = loadShippedPreset(preset.name).values;
    expect(Number(rate) * 86_400).toBeCloseTo(preset.perDay, 6);
    expect(concurrency).toBe(preset.concurrency);
    expect(ends(pause)).toEqual(preset.pause);
    expect(ends(traffic.pageviews)).toEqual(preset.pageviews);
    expect(ends(traffic.visitMinutes)).toEqual(preset.minutes);
    expect(traffic.searchProbability).toBe(preset.search);
    expect(traffic.ecommerce.orderValue.max).toBe(preset.value);
    expect(traffic.randomizeCountries).toBe(preset.name !== 'light');
    expect([timezone, traffic.ecommerce.currency]).toEqual(['CET', 'SEK']);
  });

  it('stress is 5,000,000 visits a day', () => {
    expect(Number(loadShippedPreset('stress').values.rate) * 86_400).toBeCloseTo(5_000_000, 6);
  });

  it('smoke is 60 visits in less than 10 seconds, waiting included', () => {
    const { visits, rate, pause, traffic } = loadShippedPreset('smoke').values;
    expect(visits).toBe(60);
    expect(60 / Number(rate) + pause.max * 2 * traffic.pageviews.max).toBeLessThan(10);
  });

  it.each(shippedPresets())('%s leads editors to the schema and says how much it is', name => {
    const text = shippedPreset(name) ?? '';
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/docs\/config\.schema\.json\n/);
    expect(text).toMatch(/a second|visits/);
  });

  it.each(shippedPresets())('%s exported as an env file is the same configuration', name => {
    const { description: _, preset: __, ...values } = loadShippedPreset(name).values;
    const loaded = load({ files: { '.env': presetAsEnv(name) } });
    expect(loaded.values).toEqual(values);
  });

  it.each(shippedPresets())('%s exported as YAML is the same configuration', name => {
    const { preset: _, ...values } = loadShippedPreset(name).values;
    const loaded = load({ files: { 'trafficinator.yaml': presetAsYaml(shippedPreset(name) ?? '') } });
    expect(loaded.values).toEqual(values);
  });

  it('are exported in legacy variables where their limits allow it', () => {
    expect(presetAsEnv('heavy')).toContain('TARGET_VISITS_PER_DAY=50000\n');
    expect(presetAsEnv('stress')).toContain('TRAFFICINATOR_RATE=5000000/day\n');
  });
});
