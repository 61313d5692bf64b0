import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { shippedPreset, shippedPresets } from '../../src/config/preset.ts';

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

  it.each(['vists: 5', 'target: { site: 1 }', 'traffic: { ecommerce: { tax: 1 } }', 'pause: { least: 1 }'])(
    'rejects the unknown key in %s',
    yaml => expect(accepts(yaml)).toBe(false),
  );

  it.each(['visits: many', 'rate: 10', 'clock: fast', 'traffic: { searchProbability: 1.5 }', 'pause: wide'])(
    'rejects the value in %s',
    yaml => expect(accepts(yaml)).toBe(false),
  );
});
