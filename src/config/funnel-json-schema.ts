import { z } from 'zod';
import { funnelFileSchema, funnelSchema } from './funnel-schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema (draft 7) of funnel files: what editors complete and check by. */
export function funnelJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(funnelFileSchema, {
    io: 'input',
    target: 'draft-07',
    override: referToFunnel,
  });
  return {
    $schema,
    title: 'Funnels of Trafficinator',
    ...schema,
    definitions: { funnel: funnelDefinition() },
  };
}

/** A funnel, defined once in a schema that has funnels in several places. */
export function funnelDefinition(): Schema {
  const { $schema: _, ...definition } = z.toJSONSchema(funnelSchema, { io: 'input', target: 'draft-07' });
  return definition;
}

/** Makes a funnel in a schema a reference to its definition. */
export function referToFunnel({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: Schema;
}): void {
  if (zodSchema !== funnelSchema) return;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  jsonSchema.$ref = '#/definitions/funnel';
}
