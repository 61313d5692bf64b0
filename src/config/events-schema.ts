import { z } from 'zod';
import { suggestion } from './nearest.ts';
import { ruleOf } from './rule.ts';

const word = z.string().refine(text => text.trim() !== '', 'must not be empty');

const event = z.strictObject({
  category: word,
  action: word,
  name: word,
  value: z.number().min(0).nullable().default(null),
});

const share = z.number().min(0).max(1).optional();

/** Events of one's own, with the keys of the Python Trafficinator. A list that is missing is the built-in one. */
export const eventsSchema = z.strictObject({
  click_events_probability: share,
  random_events_probability: share,
  click_events: z.array(event).optional(),
  random_events: z.array(event).optional(),
});

export type EventsDefinition = z.output<typeof eventsSchema>;

/** What is wrong with a part of it. */
export interface EventsProblem {
  readonly path: readonly PropertyKey[];
  /** Whether the key itself is wrong, or what it stands for. */
  readonly at: 'key' | 'value';
  /** Undefined where it is no single value, or missing. */
  readonly value: string | number | boolean | undefined;
  readonly rule: string;
}

/** @param given plain, as a file says it */
export function readEvents(given: unknown): EventsDefinition | readonly EventsProblem[] {
  const parsed = eventsSchema.safeParse(given, { error: ruleOf, reportInput: true });
  if (parsed.success) return parsed.data;
  return parsed.error.issues.flatMap((issue): EventsProblem[] => {
    const { path } = issue;
    if (issue.code !== 'unrecognized_keys') {
      const rule = path.length === 0 ? 'must be a mapping of keys to values' : issue.message;
      return [{ path, at: 'value', value: singleValue(issue.input), rule }];
    }
    const known = Object.keys(path.length === 0 ? eventsSchema.shape : event.shape);
    return issue.keys.map(key => ({
      path: [...path, key],
      at: 'key',
      value: undefined,
      rule: `is no key of ${path.length === 0 ? 'events' : 'an event'}${suggestion(key, known)}`,
    }));
  });
}

function singleValue(value: unknown): EventsProblem['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}
