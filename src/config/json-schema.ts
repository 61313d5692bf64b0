import { z } from 'zod';
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
      if (optionMeta.has(zodSchema)) addForms(jsonSchema);
    },
  });
  return { $schema, title: 'Configuration of Trafficinator', ...schema, definitions };
}

function addForms(schema: z.core.JSONSchema.BaseSchema): void {
  const { description, default: byDefault, ...type } = schema;
  // Any text may be a reference as it is.
  if (type.type === 'string' && type.pattern === undefined && type.enum === undefined) return;
  const forms = type.type === 'object' ? [type, shortRange] : [...(type.anyOf ?? [type]), reference];
  for (const key of Object.keys(type)) delete schema[key];
  schema.anyOf = forms;
}
