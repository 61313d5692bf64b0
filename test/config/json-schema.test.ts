import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { funnelJsonSchema } from '../../src/config/funnel-json-schema.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { shippedPreset, shippedPresets } from '../../src/config/preset.ts';
import { shippedFunnel, shippedFunnels } from '../../src/config/shipped-funnels.ts';

/** An editor's view: the JSON Schema alone, read back as a validator. */
const asEditor = z.fromJSONSchema(configJsonSchema());
const accepts = (yaml: string) => asEditor.safeParse(parse(yaml)).success;

describe('the JSON Schema', () => {
  it.each(shippedPresets())('accepts the preset %s', name => {
    expect(accepts(shippedPreset(name) ?? '')).toBe(true);
  });

  it('accepts short ranges, references and every form of a duration', () => {
    expect(accepts('pause: 0.5-2')).toBe(true);
    expect(accepts('pause: 1')).toBe(true);
    expect(accepts(`visits: "\${VISITS:-5}"`)).toBe(true);
    expect(accepts('timeout: 30')).toBe(true);
    expect(accepts('timeout: 1m30s')).toBe(true);
  });

  it('accepts targets with all that they can say, and references in it', () => {
    expect(accepts('target: { url: "https://m.example/", headers: { A: b }, weight: 2 }')).toBe(true);
    expect(
      accepts(`targets:
  - { name: a, url: "https://m.example/", weight: "\${W:-2}", rate: 5/s, tls: { ca: a.pem, verify: false } }
  - { name: b, headers: { A: "\${B}" }, features: { pageviews: 2-3, ecommerce: { probability: 0 } } }`),
    ).toBe(true);
  });

  it.each([
    'targets: []',
    'targets: [{ nme: a }]',
    'targets: [{ weight: 0 }]',
    'targets: [{ features: { page: 1 } }]',
    'targets: [{ features: { ecommerce: { probability: 2 } } }]',
    'targets: [{ headers: { a: [b] } }]',
    'distribution: all',
  ])('rejects %s', yaml => expect(accepts(yaml)).toBe(false));

  it.each(['vists: 5', 'target: { site: 1 }', 'traffic: { ecommerce: { tax: 1 } }', 'pause: { least: 1 }'])(
    'rejects the unknown key in %s',
    yaml => expect(accepts(yaml)).toBe(false),
  );

  it.each(['visits: many', 'rate: 10', 'clock: fast', 'traffic: { searchProbability: 1.5 }', 'pause: wide'])(
    'rejects the value in %s',
    yaml => expect(accepts(yaml)).toBe(false),
  );
});

describe('the JSON Schema of funnel files', () => {
  const editor = z.fromJSONSchema(funnelJsonSchema());
  const takes = (yaml: string) => editor.safeParse(parse(yaml)).success;

  it.each(shippedFunnels())('accepts %s, and the configuration takes it written out', name => {
    const text = shippedFunnel(name) ?? '';
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/docs\/funnel\.schema\.json\n/);
    expect(takes(text)).toBe(true);
    expect(accepts(text)).toBe(true);
  });

  it('accepts a list at the top, and refuses what a file is refused for', () => {
    const step = '{ type: pageview, url: /a }';
    expect(takes(`[{ name: A, probability: 1, steps: [${step}] }]`)).toBe(true);
    for (const wrong of [
      '[{ name: A, steps: [] }]',
      `[{ name: A, probability: 2, steps: [${step}] }]`,
      '[{ name: A, probability: 1, steps: [{ type: pageview }] }]',
      '[{ name: A, probability: 1, steps: [{ type: evnt, url: /a }] }]',
      `[{ name: A, probability: 1, colour: red, steps: [${step}] }]`,
    ]) {
      expect(takes(wrong)).toBe(false);
    }
  });
});
