import { z } from 'zod';
import { Mistake, pointedAt } from '../thresholds/mistake.ts';
import { parseThreshold } from '../thresholds/parse.ts';

/** Texts of thresholds. A mistake is told with a caret under its place. */
export const thresholds = z.array(
  z.string().transform((text, context) => {
    try {
      return parseThreshold(text);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      const message = `${error.message}\n${pointedAt(text, error.at)}`;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    }
  }),
);
