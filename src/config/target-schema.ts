import { z } from 'zod';
import { featuresSchema } from './features-schema.ts';
import { type OptionMeta, option } from './option.ts';
import { visitsPerDay } from './rate.ts';
import { batchSize, concurrency, connections, method, rate, timeout, transport } from './run-values.ts';
import { timezone, url, whole } from './value-types.ts';

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What HTTP calls a token (RFC 9110, 5.6.2). */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that follow from the request: another value would make it another request. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headers = z.record(z.string(), z.string()).check(context => {
  for (const [name, value] of Object.entries(context.value)) {
    const message = headerProblem(name, value);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
  }
});

/** The rule never repeats a value: it may hold a secret. */
function headerProblem(name: string, value: string): string | undefined {
  if (!headerName.test(name)) return 'must have names of HTTP headers';
  if (ownHeaders.has(name.toLowerCase())) return `must not hold ${name}, which follows from the request`;
  // Printable Latin-1 and tabs: a line break would begin another header.
  if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) return `must hold no control characters in ${name}`;
  return undefined;
}

/** A key a target takes from the run where it does not say it itself. */
function ofRun<T extends z.ZodType>(schema: T, meta: Pick<OptionMeta, 'env' | 'description'>) {
  return option(schema.optional(), { group: 'where', otherwise: "the run's", ...meta });
}

/**
 * One Matomo site on one server: `target` is the first or only one, `targets` a list of them. The variable of
 * a further target has its number at the end: `MATOMO_URL_2`.
 */
export const targetSchema = z.strictObject({
  name: option(z.string().min(1).max(64).optional(), {
    group: 'where',
    env: 'TARGET_NAME',
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
    notInline: 'is not taken from a command line, where others can read it: name its variable with token-env',
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
  apiToken: option(z.string().min(1).optional(), {
    group: 'where',
    env: 'MATOMO_API_TOKEN',
    secret: true,
    notInline:
      'is not taken from a command line, where others can read it: name its variable with api-token-env',
    description:
      'token_auth for the Reporting API alone, as a reference to a variable: lets runs without a token be validated and verified',
    otherwise: 'the token',
  }),
  apiTokenEnv: option(z.string().regex(variableName, 'must be the name of a variable').optional(), {
    group: 'where',
    env: 'none',
    secret: true,
    description: 'variable that holds it: another way to refer to it',
  }),
  testSite: option(z.boolean().default(false), {
    group: 'where',
    env: 'TARGET_TEST_SITE',
    description: 'the site is there for tests: nobody is asked whether its statistics may be filled',
  }),
  timezone: option(timezone.optional(), {
    group: 'where',
    env: 'TARGET_TIMEZONE',
    description: "time zone of the site, where it differs from the run's",
    otherwise: "the run's timezone",
  }),
  weight: option(z.number().gt(0).max(1_000_000).multipleOf(0.001).default(1), {
    group: 'where',
    env: 'TARGET_WEIGHT',
    description: 'share of the visits under `split`, up to three decimals',
  }),
  rate: option(rate.optional(), {
    group: 'where',
    env: 'none',
    legacy: {
      name: 'TARGET_VISITS_PER_DAY',
      min: 1,
      max: 1_000_000,
      toValue: visits => `${visits}/day`,
      fromValue: visitsPerDay,
    },
    numberedOnly: true,
    description: 'visits of its own under `independent`: 50000/day, 600/h, 100/min, 10/s, or max',
    otherwise: "the run's",
  }),
  concurrency: ofRun(concurrency, { env: 'TARGET_CONCURRENCY', description: 'visits in flight at once' }),
  connections: ofRun(connections, { env: 'TARGET_CONNECTIONS', description: 'connections to the server' }),
  transport: ofRun(transport, {
    env: 'TARGET_TRANSPORT',
    description: 'one request a hit, or many hits a request',
  }),
  method: ofRun(method, {
    env: 'TARGET_METHOD',
    description: 'how a single hit travels; one with a token is always a POST',
  }),
  batchSize: ofRun(batchSize, { env: 'TARGET_BATCH_SIZE', description: 'hits a bulk request' }),
  timeout: ofRun(timeout, { env: 'TARGET_TIMEOUT', description: 'until the end of an answer' }),
  connectTimeout: ofRun(timeout, {
    env: 'TARGET_CONNECT_TIMEOUT',
    description: 'until a connection stands',
  }),
  headers: option(headers.optional(), {
    group: 'where',
    env: 'none',
    secret: true,
    notInline: 'are not taken from a command line: write them into a configuration file',
    description: 'headers sent with every request, by name; a value may be a reference',
  }),
  tls: z
    .strictObject({
      ca: option(z.string().min(1).optional(), {
        group: 'where',
        env: 'TARGET_TLS_CA',
        file: true,
        description: 'PEM file of certificates to trust, for a server with one of its own making',
        otherwise: 'those Node trusts',
      }),
      serverName: option(
        z
          .string()
          .regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be a host name')
          .optional(),
        {
          group: 'where',
          env: 'TARGET_TLS_SERVER_NAME',
          description: "name in the server's certificate, where it is not the URL's",
          otherwise: "the URL's host",
        },
      ),
      verify: option(z.boolean().default(true), {
        group: 'where',
        env: 'TARGET_TLS_VERIFY',
        description: 'check the certificate; without that anybody on the way can read the token',
      }),
    })
    .prefault({}),
  features: featuresSchema,
});

/** A target, parsed: durations in seconds, its rate in visits a second. */
export type Target = z.output<typeof targetSchema>;
