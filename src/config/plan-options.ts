import { z } from 'zod';
import { instant } from './instant.ts';
import { option } from './option.ts';
import { text, whole } from './value-types.ts';

const shard = z
  .string({ error: 'must be K/N, such as 1/4' })
  .regex(/^\d{1,6}\/\d{1,6}$/, 'must be K/N, such as 1/4')
  .transform(text => {
    const [number = 0, count = 0] = text.split('/').map(Number);
    return { number, count };
  })
  .refine(({ number, count }) => number >= 1 && number <= count, 'must be K/N with K from 1 to N');

/** What is planned, and from what. */
export const planOptions = {
  description: option(text.optional(), {
    group: 'what',
    env: 'none',
    description: 'what a preset is for, as `presets list` shows it',
  }),
  preset: option(text.optional(), {
    group: 'what',
    flag: '--preset <name|file>',
    description: 'shipped preset, a YAML file, or a legacy .env file, to start from',
  }),
  seed: option(whole(0, Number.MAX_SAFE_INTEGER).optional(), {
    group: 'what',
    flag: '--seed <number>',
    description: 'what everything drawn is drawn from',
    otherwise: 'drawn and reported',
  }),
  runId: option(
    z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or dashes')
      .optional(),
    {
      group: 'what',
      flag: '--run-id <id>',
      description: 'name of the run, new on a site for ever: order ids carry it',
      otherwise: 'drawn and reported',
    },
  ),
  startAt: option(instant.optional(), {
    group: 'what',
    flag: '--start-at <time>',
    only: 'run',
    description: 'when the first visit is due, with time zone or in milliseconds of the epoch',
    otherwise: 'when the run is started',
  }),
  shard: option(shard.optional(), {
    group: 'what',
    flag: '--shard <k/n>',
    only: 'run',
    description: 'which part of the plan this process runs',
    otherwise: 'all of it',
  }),
};
