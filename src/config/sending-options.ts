import { z } from 'zod';
import { option } from './option.ts';
import { batchSize, method, transport } from './run-values.ts';
import { duration, range } from './value-types.ts';

/** How visits are sent. */
export const sendingOptions = {
  clock: option(z.enum(['compressed', 'real']).default('compressed'), {
    group: 'how',
    flag: '--clock <compressed|real>',
    only: 'run',
    description: 'compressed: a visit of minutes is sent in seconds; real: each hit when it happens',
  }),
  pause: range(
    {
      group: 'how',
      flag: '--pause <seconds|min-max>',
      only: 'run',
      description: "seconds between a visit's hits under the compressed clock",
      min: { legacy: { name: 'PAUSE_BETWEEN_PVS_MIN', min: 0.1, max: 60 } },
      max: { legacy: { name: 'PAUSE_BETWEEN_PVS_MAX', min: 0.1, max: 60 } },
    },
    z.number().min(0).max(1800),
    { min: 0.5, max: 2 },
  ),
  transport: option(transport.default('single'), {
    group: 'how',
    flag: '--transport <single|bulk>',
    description: 'one request a hit, or many hits a request',
  }),
  method: option(method.default('get'), {
    group: 'how',
    flag: '--method <get|post>',
    description: 'how a single hit travels; one with a token is always a POST',
  }),
  batchSize: option(batchSize.default(100), {
    group: 'how',
    flag: '--batch-size <hits>',
    description: 'hits a bulk request',
  }),
  drainTimeout: option(duration(0, 3600).optional(), {
    group: 'how',
    flag: '--drain-timeout <time>',
    description: 'how long a stopped run may finish the visits in flight',
    otherwise: '30s after SIGINT, 8s after SIGTERM, 1s after a threshold',
  }),
};
