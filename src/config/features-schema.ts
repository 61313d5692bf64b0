import { z } from 'zod';
import { funnelListSchema } from './funnel-schema.ts';
import { option, optionMeta } from './option.ts';
import { trafficSchema } from './traffic-schema.ts';

/**
 * Every key of `traffic`, and `funnels`, none of them needed: what a target says here holds for its visits, what it does not
 * say is the run's.
 */
export const featuresSchema = z
  .strictObject({
    ...overrides(trafficSchema),
    funnels: option(funnelListSchema.optional(), {
      group: 'traffic',
      env: 'none',
      description: 'funnels: names of shipped ones, files, folders, and funnels written out',
      otherwise: "the run's",
    }),
  })
  .optional();

/** The keys of a schema without their defaults, variables and flags. */
function overrides(schema: z.ZodObject): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(schema.shape).map(([key, child]) => [key, override(child)]));
}

function override(wrapped: z.core.$ZodType): z.ZodType {
  let schema = wrapped;
  let meta = optionMeta.get(schema);
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    schema = schema.unwrap();
    meta ??= optionMeta.get(schema);
  }
  if (schema instanceof z.ZodObject) {
    const inner = z.strictObject(overrides(schema)).optional();
    return meta === undefined ? inner : option(inner, { group: meta.group, description: meta.description });
  }
  if (!(schema instanceof z.ZodType) || meta === undefined) throw new Error('a key is not described');
  const { group, description } = meta;
  return option(schema.optional(), { group, env: 'none', description, otherwise: "the run's" });
}
