import { z } from 'zod';
import { funnelDefinition, referToFunnel } from './funnel-json-schema.ts';
import { optionMeta } from './option.ts';
import { settingsSchema } from './schema.ts';
import { rangePattern } from './value-types.ts';

/** Other forms a value has in a file than its type in the schema. They are defined once, at the end. */
const reference = { $ref: '#/definitions/reference' };
const shortRange = { $ref: '#/definitions/shortRange' };

const definitions = {
  reference: {
    description: 'A variable of the environment or the env file, with or without a default',
    type: 'string',
    pattern: String.raw`\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}`,
  },
  shortRange: {
    description: 'min-max, or one number for both',
    anyOf: [{ type: 'number' }, { type: 'string', pattern: rangePattern.source }, reference],
  },
};

/** The JSON Schema (draft 7) of configuration files and presets: what editors complete and check by. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, {
    io: 'input',
    target: 'draft-07',
    override({ zodSchema, jsonSchema }) {
      referToFunnel({ zodSchema, jsonSchema });
      if (optionMeta.has(zodSchema)) addForms(zodSchema, jsonSchema);
    },
  });
  const { properties, ...rest } = schema;
  const { target } = properties ?? {};
  if (typeof target !== 'object') throw new Error('no target');
  const { default: _, ...definition } = target;
  return {
    $schema,
    title: 'Configuration of Trafficinator',
    ...rest,
    properties: {
      ...properties,
      target: { $ref: '#/definitions/target' },
      targets: { type: 'array', minItems: 1, items: { $ref: '#/definitions/target' } },
    },
    definitions: { ...definitions, funnel: funnelDefinition(), target: definition },
  };
}

function addForms(zodSchema: z.core.$ZodType, schema: z.core.JSONSchema.BaseSchema): void {
  const { description, default: byDefault, ...type } = schema;
  // Any text may be a reference as it is.
  if (type.type === 'string' && type.pattern === undefined && type.enum === undefined) return;
  // A map's values are texts, and so are references to them.
  if (isMap(zodSchema)) return;
  const forms = type.type === 'object' ? [type, shortRange] : [...(type.anyOf ?? [type]), reference];
  for (const key of Object.keys(type)) delete schema[key];
  schema.anyOf = forms;
}

function isMap(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional ? isMap(schema.unwrap()) : schema instanceof z.ZodRecord;
}
