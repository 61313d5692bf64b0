import { z } from 'zod';
import { option } from './option.ts';
import { connections, timeout } from './run-values.ts';
import { targetSchema } from './target-schema.ts';

/** Where visits go. */
export const targetOptions = {
  target: targetSchema.prefault({}),
  targets: option(z.array(targetSchema).optional(), {
    group: 'where',
    flag: '--target <spec>',
    env: 'none',
    repeatable: true,
    description: 'one of several targets: name=a,url=…,site=1,weight=3,token-env=VAR; give it again for each',
  }),
  distribution: option(z.enum(['split', 'mirror', 'independent', 'failover']).default('split'), {
    group: 'where',
    flag: '--distribution <split|mirror|independent|failover>',
    description:
      'which targets get a visit: one by weight, all of them, each its own, or the first that is healthy',
  }),
  whenDown: option(z.enum(['skip', 'reroute', 'abort']).default('skip'), {
    group: 'where',
    flag: '--when-down <skip|reroute|abort>',
    description:
      "what becomes of a target's visits while it is down: counted as skipped, given to the healthy ones, or the end of the run",
  }),
  allowSameSite: option(z.boolean().default(false), {
    group: 'where',
    description: 'let two targets be the same site of the same server',
  }),
  timeout: option(timeout.prefault('30s'), {
    group: 'where',
    flag: '--timeout <time>',
    description: 'until the end of an answer',
  }),
  connectTimeout: option(timeout.prefault('10s'), {
    group: 'where',
    description: 'until a connection stands',
  }),
  connections: option(connections.optional(), {
    group: 'where',
    flag: '--connections <number>',
    description: 'connections to each server',
    otherwise: 'as many as visits in flight, up to 128',
  }),
};
