import { z } from 'zod';
import { option } from './option.ts';
import { duration, text } from './value-types.ts';

/** What a run waits for before it begins. */
export const startOptions = {
  autoStart: option(z.boolean().default(true), {
    group: 'start',
    env: 'AUTO_START',
    description: 'begin at once; false: wait until the start signal file exists',
  }),
  startSignalFile: option(text.default('/app/data/loadgen.start'), {
    group: 'start',
    env: 'START_SIGNAL_FILE',
    file: true,
    description: 'file that is waited for and removed when it is there',
  }),
  startCheckInterval: option(duration(0.05, 3600).prefault('2s'), {
    group: 'start',
    env: 'START_CHECK_INTERVAL',
    description: 'how often the start signal file is looked for',
  }),
};
