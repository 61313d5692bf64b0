import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Log, type LogOptions } from '../../src/output/log.ts';
import { RunLog } from '../../src/output/run-log.ts';
import { info, plainChalk, report, snapshot } from './samples.ts';
import { Written } from './screen.ts';

function logged(options: Partial<LogOptions>, say: (log: Log) => void): string {
  const stream = new Written();
  const now = () => new Date('2026-01-01T12:00:01.234Z');
  say(new Log({ stream, level: 'info', format: 'text', secrets: [], chalk: plainChalk, now, ...options }));
  return stream.text;
}

describe('the log', () => {
  test('as text: time, level, message, fields, a line an entry', () => {
    expect(
      logged({}, log => {
        log.debug('left out');
        log.info('ready');
        log.warn('late\nagain', { target: 'a', p99Ms: 120, list: [1] });
      }),
    ).toBe('12:00:01 info  ready\n12:00:01 warn  late again  target=a  p99Ms=120  list=[1]\n');
  });

  test('as JSON: one object a line', () => {
    const text = logged({ format: 'json' }, log =>
      log.error('lost', { target: 'a', level: 'mine', at: { n: 1n } }),
    );
    expect(JSON.parse(text)).toEqual({
      time: '2026-01-01T12:00:01.234Z',
      level: 'error',
      message: 'lost',
      target: 'a',
      at: { n: '1' },
    });
  });

  test('an error is its name, code and message, and a stack only for debugging', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const entry = JSON.parse(logged({ format: 'json' }, log => log.error('lost', { cause })));
    expect(entry.cause).toEqual({ name: 'Error', code: 'ECONNREFUSED', message: 'refused' });
    const debug = JSON.parse(logged({ format: 'json', level: 'debug' }, log => log.error('lost', { cause })));
    expect(debug.cause.stack).toContain('log.test');
  });

  test.each(['text', 'json'] as const)('a secret never appears in it: %s', format => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 8 }).filter(secret => secret.trim() === secret),
        fc.string(),
        (token, around) => {
          const text = logged({ format, secrets: [token] }, log =>
            log.warn(`${around}${token}`, {
              url: `https://a.example/?token_auth=${encodeURIComponent(token)}`,
              body: JSON.stringify({ token_auth: token }),
              nested: [{ [token]: token }],
              error: new Error(token),
            }),
          );
          expect(text).not.toContain(token);
          expect(text).not.toContain(encodeURIComponent(token));
          expect(text).not.toContain(JSON.stringify(token).slice(1, -1));
        },
      ),
    );
  });

  test('a token of digits is a secret as a number, too', () => {
    const text = logged({ format: 'json', secrets: ['123456789'] }, log =>
      log.info('x', { id: 123456789, n: 12 }),
    );
    expect(JSON.parse(text)).toMatchObject({ id: '12…', n: 12 });
  });

  test('what cannot be written as JSON does not break a run', () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    expect(logged({}, log => log.info('ring', { ring }))).toContain('ring');
  });
});

describe('a run in the log', () => {
  test('begins, goes on, and ends, as JSON for machines', () => {
    const text = logged({ format: 'json' }, log => {
      const output = new RunLog(log);
      output.start(info);
      for (let elapsedMs = 0; elapsedMs <= 21_000; elapsedMs += 250) output.tick(snapshot({ elapsedMs }));
      output.notice('warn', 'optimized answers 429');
      output.finish(report({ exitCode: 5 }));
    });
    const entries = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(entries.map(entry => `${entry.level} ${entry.message}`)).toEqual([
      'info run begins',
      'info progress',
      'info progress',
      'warn optimized answers 429',
      'error run ended',
    ]);
    expect(entries[4]).toMatchObject({ exitCode: 5, visits: { planned: 28_896 } });
  });
});
