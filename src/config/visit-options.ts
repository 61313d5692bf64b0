import { z } from 'zod';
import { funnelListSchema } from './funnel-schema.ts';
import { option } from './option.ts';
import { trafficSchema } from './traffic-schema.ts';
import { text, timezone } from './value-types.ts';

/** What visits do. */
export const visitOptions = {
  timezone: option(timezone.default('CET'), {
    group: 'traffic',
    env: 'TIMEZONE',
    description: 'time zone of the visits and of the daily cap',
  }),
  pages: option(text.optional(), {
    group: 'traffic',
    env: 'URLS_FILE',
    file: true,
    description: 'page list: one URL a line, then a tab or two spaces and a title',
    otherwise: 'a generated site of 2,000 pages',
  }),
  events: option(
    z
      .union([text, z.looseObject({})], { error: 'must be the name of a file, or events written out' })
      .optional(),
    {
      group: 'traffic',
      env: 'EVENTS_FILE',
      file: true,
      description:
        'events of your own, as a file or written out: click_events, random_events, and the probabilities of both',
      otherwise: 'built-in clicks and behaviour',
    },
  ),
  funnels: option(funnelListSchema.optional(), {
    group: 'traffic',
    env: 'FUNNEL_CONFIG_PATH',
    description: 'funnels: names of shipped ones, files, folders, and funnels written out',
    otherwise: 'none',
  }),
  traffic: trafficSchema.prefault({}),
};
