import { z } from 'zod';
import { option } from './option.ts';
import { duration, url } from './value-types.ts';

const addressRule = 'must be PORT, :PORT or HOST:PORT, such as 9464, :9464 or 127.0.0.1:9464';
const addressPattern = /^(?:(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)?(?<colon>:))?(?<port>\d{1,5})$/;

/** A port alone is for this machine; with a colon before it, as Prometheus and its exporters write it, for all. */
const address = z.union([z.int(), z.string()], { error: addressRule }).transform((given, context) => {
  const { host, colon, port } = addressPattern.exec(String(given))?.groups ?? {};
  if (port === undefined || Number(port) > 65_535) {
    context.issues.push({ code: 'custom', message: addressRule, input: given });
    return z.NEVER;
  }
  const named = host?.replace(/^\[|\]$/g, '');
  return { host: colon === undefined ? '127.0.0.1' : named, port: Number(port) };
});

const headersRule = 'must be NAME=VALUE, several with commas between them, values URL-encoded';

/** As the variable of OpenTelemetry's specification has them. The rule never repeats the text: it holds secrets. */
const headers = z.string({ error: headersRule }).transform((text, context) => {
  const parsed = headersOf(text);
  if (parsed !== undefined) return parsed;
  context.issues.push({ code: 'custom', message: headersRule, input: '' });
  return z.NEVER;
});

function headersOf(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const [, name, encoded] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (name === undefined || encoded === undefined) return undefined;
    try {
      headers[name] = decodeURIComponent(encoded);
    } catch {
      return undefined;
    }
    // What no header may hold: Node would refuse it with the value in the message.
    if (/[^\t\x20-\x7e]/.test(headers[name])) return undefined;
  }
  return headers;
}

/** Who may read a run's metrics while it goes on, and where they are pushed. */
export const metricsSchema = z.strictObject({
  listen: option(address.optional(), {
    group: 'result',
    flag: '--metrics <[host]:port>',
    description:
      'let Prometheus read metrics at /metrics; 9464: on this machine alone, :9464: from everywhere, 0: a free port',
    otherwise: 'no metrics',
  }),
  linger: option(duration(0, 3600).optional(), {
    group: 'result',
    flag: '--metrics-linger <time>',
    description: 'how long to wait at the end until the last metrics were read',
    otherwise: '30s where they were read before, else not at all',
  }),
  otlp: option(url.optional(), {
    group: 'result',
    flag: '--otlp <url>',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    description: 'push metrics to this OpenTelemetry receiver, by OTLP over HTTP: http://localhost:4318',
    otherwise: 'nothing is pushed',
  }),
  otlpHeaders: option(headers.optional(), {
    group: 'result',
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    secret: true,
    description: 'headers for it, such as a token: NAME=VALUE,NAME=VALUE, values URL-encoded',
    otherwise: 'none',
  }),
  otlpInterval: option(duration(1, 3600).prefault('10s'), {
    group: 'result',
    description: 'how often they are pushed',
  }),
});
