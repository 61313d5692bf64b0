import { describe, expect, it } from 'vitest';
import { metricsSchema } from '../../src/config/metrics-schema.ts';
import { load } from './loading.ts';

describe('where metrics are read', () => {
  it.each([
    [9464, '127.0.0.1', 9464],
    ['9464', '127.0.0.1', 9464],
    ['0', '127.0.0.1', 0],
    [':9464', undefined, 9464],
    ['localhost:9464', 'localhost', 9464],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['[::1]:65535', '::1', 65_535],
  ])('%s', (listen, host, port) => {
    expect(metricsSchema.parse({ listen }).listen).toEqual({ host, port });
  });

  it.each(['', ':', 'host', 'host:', '::1:9464', ':65536', '-1', 'http://host:1', 9464.5, true])(
    '%s is nowhere',
    listen => {
      const { error } = metricsSchema.safeParse({ listen });
      expect(error?.issues[0]?.message).toContain('must be PORT, :PORT or HOST:PORT');
    },
  );
});

describe('a wait for the last reader', () => {
  const said = (flags: Record<string, string>) =>
    load({ flags: { 'metrics.linger': '5s', ...flags } }).warnings.filter(text => text.includes('linger'));

  it('is told to be of no use where nobody can read', () => {
    expect(said({})).toEqual([
      expect.stringMatching(
        /^metrics\.linger = 5s? \(--metrics-linger\) is not used: nobody can read metrics/,
      ),
    ]);
    expect(said({ 'metrics.listen': '0' })).toEqual([]);
  });
});

describe('headers for a receiver', () => {
  it('are read as the specification of OpenTelemetry writes them', () => {
    const { otlpHeaders } = metricsSchema.parse({
      otlpHeaders: 'authorization=Basic%20YWI=, x-team = a%2Cb',
    });
    expect(otlpHeaders).toEqual({ authorization: 'Basic YWI=', 'x-team': 'a,b' });
  });

  it.each(['', 'secret', 'a=%zz', 'a=x%0d%0ab: y', 'a b=secret', 'a=1,,b=2'])(
    'that cannot be sent are refused, and not repeated: %s',
    otlpHeaders => {
      const { error } = metricsSchema.safeParse({ otlpHeaders });
      expect(error?.issues).toHaveLength(1);
      expect(JSON.stringify(error?.issues)).not.toContain('secret');
    },
  );
});
