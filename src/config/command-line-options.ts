import { z } from 'zod';
import { type OptionMeta, option } from './option.ts';
import { text } from './value-types.ts';

function flagOnly<T extends z.ZodType>(schema: T, meta: OptionMeta): T {
  return option(schema, { ...meta, env: 'none' });
}

/** What holds for one command line only and so has no variable and no place in a file. */
export const commandLineOptions = {
  config: flagOnly(text.optional(), {
    group: 'what',
    flag: '--config <file>',
    description: 'configuration file',
    otherwise: 'trafficinator.yaml, if there is one',
  }),
  envFile: flagOnly(text.optional(), {
    group: 'what',
    flag: '--env-file <file>',
    description: 'file of variables',
    otherwise: '.env, if there is one',
  }),
  collector: flagOnly(z.boolean().default(false), {
    group: 'where',
    flag: '--collector',
    description: 'send to an embedded collector: no server needed',
  }),
  skipValidation: flagOnly(z.boolean().default(false), {
    group: 'where',
    flag: '--skip-validation',
    description: 'do not validate the server first; the token is still asked about once',
  }),
  yes: flagOnly(z.boolean().default(false), {
    group: 'where',
    flag: '--yes',
    description: 'fill the statistics of a site that has other visits too, without being asked',
  }),
  resume: flagOnly(z.boolean().default(false), {
    group: 'backfill',
    flag: '--resume',
    only: 'backfill',
    description: 'go on where a journal ends, without losing or doubling a visit',
  }),
  force: flagOnly(z.boolean().default(false), {
    group: 'backfill',
    flag: '--force',
    only: 'backfill',
    description: 'begin anew although there is a journal, which is kept: fills the days a second time',
  }),
  invalidate: flagOnly(z.boolean().default(false), {
    group: 'backfill',
    flag: '--invalidate',
    only: 'backfill',
    description: 'ask the server at the end to make the reports of these days anew; needs admin access',
  }),
  json: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--json',
    description: 'report on stdout as JSON',
  }),
  quiet: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--quiet',
    description: 'nothing on stderr but errors',
  }),
  progress: flagOnly(z.boolean().default(true), {
    group: 'result',
    flag: '--no-progress',
    description: 'no live view',
  }),
  color: flagOnly(z.boolean().default(true), {
    group: 'result',
    flag: '--no-color',
    description: 'no colours',
  }),
  dryRun: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--dry-run',
    description: 'print the visits, one JSON line each, and send nothing',
  }),
  summary: flagOnly(z.boolean().default(false), {
    group: 'result',
    flag: '--summary',
    description: 'with --dry-run: print only the totals of the plan',
  }),
};
