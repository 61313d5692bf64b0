import { z } from 'zod';
import { amountOptions } from './amount-options.ts';
import { backfillSchema } from './backfill-schema.ts';
import { commandLineOptions } from './command-line-options.ts';
import { planOptions } from './plan-options.ts';
import { resultOptions } from './result-options.ts';
import { sendingOptions } from './sending-options.ts';
import { startOptions } from './start-options.ts';
import { targetOptions } from './target-options.ts';
import type { Target } from './target-schema.ts';
import { visitOptions } from './visit-options.ts';

/**
 * All that YAML files, presets, variables and flags can say. Types, defaults, messages, variable names,
 * flags, the JSON Schema and the reference page come from here, in this order.
 */
export const settingsSchema = z.strictObject({
  ...planOptions,
  ...targetOptions,
  ...amountOptions,
  ...sendingOptions,
  ...visitOptions,
  backfill: backfillSchema.prefault({}),
  ...startOptions,
  ...resultOptions,
});

/** Everything a command can be given. */
export const configSchema = z.strictObject({ ...settingsSchema.shape, ...commandLineOptions });

/** Everything in effect, parsed: durations in seconds, rates in visits a second. */
export type Settings = Omit<z.output<typeof configSchema>, 'targets'> & {
  /** All targets, one at least. `target` is the first of them, whoever named it. */
  readonly targets: readonly Target[];
};
