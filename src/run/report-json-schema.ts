import * as z from 'zod';
import { reportSchema } from './report-schema.ts';

/**
 * The JSON Schema (draft 7) of reports. Fields it does not know are allowed: a later version may add some without being
 * another `schemaVersion`.
 */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, {
    target: 'draft-07',
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { $schema, ...schema };
}
