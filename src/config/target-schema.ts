import { z } from 'zod';
import { option } from './option.ts';
import { timezone, url, whole } from './value-types.ts';

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One Matomo site on one server. What else a target has (connections, transport…) it takes from the run. */
export const targetSchema = z.strictObject({
  name: option(z.string().min(1).max(64).optional(), {
    group: 'where',
    env: 'none',
    description: 'what the target is called in reports',
    otherwise: "the URL's host",
  }),
  url: option(url.optional(), {
    group: 'where',
    flag: '--url <url>',
    env: 'MATOMO_URL',
    description: 'tracking endpoint; matomo.php is appended where the URL does not end in .php',
  }),
  siteId: option(whole(1, 4_294_967_295).default(1), {
    group: 'where',
    flag: '--site-id <id>',
    env: 'MATOMO_SITE_ID',
    description: 'site in Matomo',
  }),
  apiUrl: option(url.optional(), {
    group: 'where',
    flag: '--api-url <url>',
    env: 'MATOMO_API_URL',
    description: 'Reporting API, when it is not beside the tracking endpoint',
    otherwise: 'index.php beside the tracking endpoint',
  }),
  token: option(z.string().min(1).optional(), {
    group: 'where',
    env: 'MATOMO_TOKEN_AUTH',
    secret: true,
    description:
      'token_auth, as a reference to a variable; needed for countries and for hits older than a day',
  }),
  tokenEnv: option(z.string().regex(variableName, 'must be the name of a variable').optional(), {
    group: 'where',
    env: 'none',
    // A name is no secret, but what people put here by mistake is.
    secret: true,
    description: 'variable that holds the token: another way to refer to it',
  }),
  timezone: option(timezone.optional(), {
    group: 'where',
    env: 'none',
    description: "time zone of the site, where it differs from the run's",
    otherwise: "the run's timezone",
  }),
});
