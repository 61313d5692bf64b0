import * as z from 'zod';

/** ISO 8601. @param description what happened then */
export function moment(description: string) {
  return z
    .string()
    .refine(given => !Number.isNaN(Date.parse(given)), 'must be a time')
    .meta({ format: 'date-time', description });
}
