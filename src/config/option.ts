import { z } from 'zod';

/** The headings options are shown under, in this order. */
export const groups = ['what', 'where', 'how much', 'how', 'traffic', 'backfill', 'start', 'result'] as const;
export type Group = (typeof groups)[number];

/** Commands that have flags the other has not, or has for another key: `--rate`. */
export type FlagOwner = 'run' | 'backfill';

/**
 * A variable of the Python Trafficinator. Its limits bind the variable only: the key itself allows more,
 * and warns beyond them.
 */
export interface LegacyVariable {
  readonly name: string;
  /** Both ends belong to it. */
  readonly min: number;
  readonly max: number;
  /** What the variable's number means as the key's value, where it is not the same number. */
  readonly toValue?: (number: number) => unknown;
  /** The reverse, from the parsed value. */
  readonly fromValue?: (value: number) => number;
}

/** What a legacy variable would have to say for a parsed value; undefined where it has no word for it. */
export function legacyNumber(legacy: LegacyVariable, value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  return legacy.fromValue === undefined ? value : legacy.fromValue(value);
}

export function isWithin(limits: LegacyVariable, number: number): boolean {
  return number >= limits.min && number <= limits.max;
}

/** What is known of an option besides its type and default, which are in its schema. */
export interface OptionMeta {
  /** One sentence, without a full stop, in lower case: it stands in help, tables and comments. */
  readonly description: string;
  readonly group: Group;
  /** As commander reads it: `--rate <visits>`. */
  readonly flag?: string;
  /** The command whose flag it is; default: of all that take it. */
  readonly only?: FlagOwner;
  /** The variable that says all the key can say; `none` for what cannot be said there. Default: made from the key. */
  readonly env?: string;
  readonly legacy?: LegacyVariable;
  /** Other words a variable may use for a value. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Never shown. */
  readonly secret?: true;
  /** A path: in a YAML file it is relative to that file. */
  readonly file?: true;
  /** Its variable only exists with the number of a target behind it: without one it is the run's. */
  readonly numberedOnly?: true;
  /** The flag may be given again: its texts come as one, a line each. */
  readonly repeatable?: true;
  /** Not on a command line, and why: the rest of a sentence. */
  readonly notInline?: string;
  /** What happens without it, where the schema has no default. */
  readonly otherwise?: string;
}

/** Apart from zod's own registry, all of which would end in the JSON Schema. */
export const optionMeta = z.registry<OptionMeta>();

/** Attaches what is known of an option to its schema. Last in a chain: every method makes a new schema. */
export function option<T extends z.ZodType>(schema: T, meta: OptionMeta): T {
  const described = schema.describe(meta.description);
  optionMeta.add(described, meta);
  return described;
}
