import { z } from 'zod';
import { metricsSchema } from './metrics-schema.ts';
import { option } from './option.ts';
import { thresholds } from './threshold-list.ts';
import { duration, seriesName, text } from './value-types.ts';

/** What is told of a run, and where. */
export const resultOptions = {
  verify: option(z.boolean().default(false), {
    group: 'result',
    flag: '--verify',
    description:
      'ask each target at the end whether it recorded what was planned; needs a token that may view it',
  }),
  wait: option(duration(0, 86_400).prefault('60s'), {
    group: 'result',
    flag: '--wait <time>',
    description: 'how long verification waits for what a server has not recorded yet',
  }),
  strict: option(z.boolean().default(false), {
    group: 'result',
    flag: '--strict',
    description:
      "let verification count names from the server's own lists, too: browsers, devices, referrers",
  }),
  thresholds: option(thresholds.default([]), {
    group: 'result',
    flag: '--threshold <expression>',
    repeatable: true,
    description:
      "what the run must keep to, such as 'latency.p95 < 800ms'; else it ends with 4, and with 'abort' at once; give it again for each",
    otherwise: 'none',
  }),
  report: option(text.optional(), {
    group: 'result',
    flag: '--report <file>',
    file: true,
    description: 'write the report to this JSON file',
    otherwise: 'no file',
  }),
  metrics: metricsSchema.prefault({}),
  html: option(text.optional(), {
    group: 'result',
    flag: '--html <file>',
    file: true,
    description: 'write the report to this HTML file: one page with charts that needs nothing else',
    otherwise: 'no file',
  }),
  junit: option(text.optional(), {
    group: 'result',
    flag: '--junit <file>',
    file: true,
    description: 'write a test case for all that can pass or fail to this JUnit file',
    otherwise: 'no file',
  }),
  series: option(seriesName.optional(), {
    group: 'result',
    flag: '--series <file>',
    file: true,
    description: 'write the run over time, in all and by target, to this .csv or .ndjson file',
    otherwise: 'no file',
  }),
  hits: option(text.optional(), {
    group: 'result',
    flag: '--hits <file>',
    only: 'run',
    file: true,
    description: 'write every hit and what became of it to this NDJSON file while the run goes on',
    otherwise: 'no file',
  }),
  logLevel: option(z.enum(['debug', 'info', 'warn', 'error']).default('info'), {
    group: 'result',
    flag: '--log-level <debug|info|warn|error>',
    env: 'LOG_LEVEL',
    synonyms: {
      DEBUG: 'debug',
      INFO: 'info',
      WARNING: 'warn',
      WARN: 'warn',
      ERROR: 'error',
      CRITICAL: 'error',
    },
    description: 'what is logged',
  }),
  logFormat: option(z.enum(['text', 'json']).default('text'), {
    group: 'result',
    flag: '--log-format <text|json>',
    description: 'how it is logged',
  }),
};
