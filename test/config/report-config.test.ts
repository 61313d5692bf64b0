import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import type { Flags } from '../../src/config/flag-layer.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type ReportSource, reportConfig } from '../../src/config/report-config.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { hitsNeedToken } from '../../src/run/planning.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { report, targetReport } from '../output/samples.ts';
import { plannedLines } from '../support/planned-lines.ts';
import { anyTraffic } from '../traffic/any-traffic.ts';

const startEpochMs = Date.parse('2026-06-14T21:59:58Z');
const token = 'ofthesite0000000';
const pageList = 'https://shop.example/a\tA page\nhttps://shop.example/b\tAnother one: with a colon\n';

/** What a run is given: files of its folder, flags, environment. */
interface Given {
  readonly files?: Readonly<Record<string, unknown>>;
  readonly flags?: Flags;
  readonly env?: Readonly<Record<string, string>>;
}

/** A run's configuration and what its report says of it, after it was written to a file. */
function configured({ files = {}, flags = {}, env = {} }: Given): {
  config: RunConfig;
  saved: Report;
  cwd: string;
} {
  const cwd = mkdtempSync(join(tmpdir(), 'trafficinator-report-config-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const config = { ...toRunConfig(loadConfig({ cwd, flags, env }), { command: 'run' }), startEpochMs };
  return { config, saved: reportOf(config), cwd };
}

function reportOf(config: RunConfig): Report {
  const { seed, runId: id, shard, targets, effective } = config;
  const made = report({
    run: {
      ...report().run,
      id,
      seed,
      startEpochMs,
      shard: shard === undefined ? null : `${shard.number}/${shard.count}`,
    },
    config: effective,
    targets: targets.map(target =>
      targetReport({
        name: target.name,
        url: target.url.href,
        apiUrl: target.apiUrl.href,
        siteId: target.siteId,
        tokenEnv: target.tokenEnv ?? null,
        hitsCarryToken: hitsNeedToken(config, target),
      }),
    ),
  });
  return JSON.parse(JSON.stringify(made)) as Report;
}

/** The configuration that `verify` makes of a report; nothing is in the environment but what is given here. */
function again(saved: Report, cwd: string, more: Partial<ReportSource> = {}) {
  return reportConfig(saved, {
    file: 'run.json',
    cwd,
    lookup: () => undefined,
    tokens: new Map(saved.targets.map(({ name }) => [name, token])),
    ...more,
  });
}

const anyFlags: fc.Arbitrary<Flags> = fc
  .record({
    preset: fc.option(fc.constantFrom('smoke', 'stress')),
    seed: fc.option(fc.maxSafeNat().map(String)),
    pause: fc.option(fc.constantFrom('0', '0.5-1.5')),
    clock: fc.option(fc.constantFrom('compressed', 'real')),
    transport: fc.option(fc.constantFrom('single', 'bulk')),
    shard: fc.option(fc.constantFrom('1/2', '2/2', '3/7')),
  })
  .map(flags => Object.fromEntries(Object.entries(flags).flatMap(([k, v]) => (v === null ? [] : [[k, v]]))));

/** One to three targets, with features of their own where the distribution allows that. */
const anyFile = fc
  .record({
    distribution: fc.constantFrom('split', 'mirror', 'independent', 'failover'),
    whenDown: fc.constantFrom('skip', 'abort'),
    isUnscheduled: fc.boolean(),
    hasPages: fc.boolean(),
    maxVisitsPerDay: fc.constantFrom(0, 7),
    timezone: fc.constantFrom('CET', 'Asia/Kolkata'),
    traffic: anyTraffic,
    targets: fc.array(
      fc.record({
        name: fc.option(fc.constantFrom('a', 'b', 'den andra', 'x: y # z', "it's"), { nil: undefined }),
        weight: fc.integer({ min: 1, max: 3000 }).map(thousandths => thousandths / 1000),
        rate: fc.constantFrom(undefined, '90/min', '3600/h'),
        timezone: fc.constantFrom(undefined, 'UTC', 'America/Santiago'),
        hasToken: fc.boolean(),
        features: fc.option(anyTraffic.map(withoutPages), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    isShort: fc.boolean(),
  })
  .map(({ isUnscheduled, hasPages, targets, traffic, isShort, ...run }) => {
    const listed = targets.map(({ hasToken, features, name, ...target }, at) => ({
      ...target,
      url: `http://127.0.0.1:9${at}/`,
      ...(name !== undefined && { name: `${name}${at}` }),
      ...(hasToken && { tokenEnv: 'SOME_TOKEN' }),
      ...(run.distribution !== 'mirror' && features !== undefined && { features }),
    }));
    return {
      ...run,
      rate: isUnscheduled && run.distribution !== 'failover' ? 'max' : '2/s',
      traffic: withoutPages(traffic),
      ...(hasPages && { pages: 'pages.txt' }),
      ...(isShort ? { target: listed[0] } : { targets: listed }),
    };
  });

function withoutPages<T extends { pages: unknown }>({ pages: _, ...traffic }: T) {
  return traffic;
}

describe('the configuration of a report', () => {
  it('plans what the run planned, whatever it was configured with', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, anyFlags, async (file, flags) => {
        const { config, saved, cwd } = configured({
          files: { 'trafficinator.yaml': file, 'pages.txt': pageList },
          flags: { ...flags, visits: '12' },
          env: { SOME_TOKEN: token },
        });
        // Neither has a say any more.
        writeFileSync(join(cwd, 'trafficinator.yaml'), 'seed: 5\ntraffic: { pageviews: 9 }\n');
        writeFileSync(join(cwd, '.env'), 'PAGEVIEWS_MIN=50\nMATOMO_URL_7=http://other.example\n');
        const { config: planned, warnings } = again(saved, cwd);
        expect(await plannedLines(planned)).toEqual(await plannedLines(config));
        expect(warnings).toEqual([]);
        rmSync(cwd, { recursive: true });
      }),
      { numRuns: 25 },
    );
  });

  it('is that of a run by legacy variables, with its limits, delays and targets', async () => {
    const env = {
      MATOMO_URL: 'http://127.0.0.1:9/',
      MATOMO_TOKEN_AUTH: token,
      MATOMO_URL_2: 'http://127.0.0.1:10/matomo.php',
      TARGET_VISITS_PER_DAY: '5000',
      PAGEVIEWS_MIN: '2',
      PAGEVIEWS_MAX: '9',
      AUTO_STOP_AFTER_HOURS: '0.02',
      VISIT_DURATION_MIN: '0.1',
      ECOMMERCE_SHIPPING_RATES: '0,4.5',
      RANDOMIZE_VISITOR_COUNTRIES: 'yes',
      TIMEZONE: 'Europe/Stockholm',
    };
    const { config, saved, cwd } = configured({ env });
    const { config: planned } = again(saved, cwd);
    expect(await plannedLines(planned)).toEqual(await plannedLines(config));
    expect(planned).toEqual(config);
  });

  it('has everything else the run had, too: limits, times, transports, certificates', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const { config, saved, cwd } = configured({
      files: {
        'ca.pem': ca,
        'trafficinator.yaml': {
          visits: 5,
          timeout: '7s',
          targets: [
            {
              name: 'a',
              url: 'https://a.example/js/piwik.php',
              apiUrl: 'https://api.example/',
              siteId: 3,
              tokenEnv: 'SOME_TOKEN',
              transport: 'bulk',
              batchSize: 5,
              tls: { ca: 'ca.pem', serverName: 'inner.example' },
              headers: { 'X-Key': `\${SOME_KEY}` },
            },
            { name: 'b', url: 'https://b.example/', tls: { verify: false }, timeout: '3s' },
          ],
        },
      },
      env: { SOME_TOKEN: token, SOME_KEY: 'key of the proxy' },
    });
    const { config: planned } = again(saved, cwd, {
      lookup: name => (name === 'SOME_KEY' ? 'key of the proxy' : undefined),
    });
    expect(planned).toEqual(config);
    expect(JSON.stringify(saved)).not.toContain('key of the proxy');
  });

  it.each([
    { arrivals: 'poisson' },
    { stages: '5m @ 100/min, 10m @ 100→600/min' },
    { arrivals: 'poisson', stages: '1s@0-5/s' },
    { arrivals: 'curve' },
    { arrivals: 'poisson-curve', curve: Array.from({ length: 168 }, (_, hour) => hour / 4) },
  ])('has the arrivals the run had: %o', given => {
    const files = { 'trafficinator.yaml': { target: { url: 'http://127.0.0.1:9/' }, ...given } };
    const { config, saved, cwd } = configured({ files });
    expect(config.arrivals).toBeDefined();
    expect(again(saved, cwd).config.arrivals).toEqual(config.arrivals);
  });

  it('finds page list and certificates beside the report, where the run was started elsewhere', () => {
    const { config, saved, cwd } = configured({
      files: { 'pages.txt': pageList, 'trafficinator.yaml': { visits: 5, pages: 'pages.txt' } },
      env: { MATOMO_URL: 'http://127.0.0.1:9/' },
    });
    const elsewhere = mkdtempSync(join(tmpdir(), 'trafficinator-elsewhere-'));
    const { config: planned } = again(saved, elsewhere, { file: join(cwd, 'run.json') });
    expect(planned.traffic.pages).toEqual(config.traffic.pages);
  });

  it('finds a page list beside the report by its name, wherever it was at the run', () => {
    const { config, saved } = configured({
      files: { 'lists/pages.txt': pageList, 'trafficinator.yaml': { visits: 5, pages: 'lists/pages.txt' } },
      env: { MATOMO_URL: 'http://127.0.0.1:9/' },
    });
    const elsewhere = mkdtempSync(join(tmpdir(), 'trafficinator-elsewhere-'));
    writeFileSync(join(elsewhere, 'pages.txt'), pageList);
    const { config: planned } = again(saved, tmpdir(), { file: join(elsewhere, 'run.json') });
    expect(planned.traffic.pages).toEqual(config.traffic.pages);
  });

  it('takes the page list that is the one of the run, where another has its name', () => {
    const { config, saved, cwd } = configured({
      files: { 'pages.txt': pageList, 'trafficinator.yaml': { visits: 5, pages: 'pages.txt' } },
      env: { MATOMO_URL: 'http://127.0.0.1:9/' },
    });
    const kept = join(cwd, 'kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'pages.txt'), pageList);
    writeFileSync(join(cwd, 'pages.txt'), 'https://shop.example/other\tChanged\n');
    const { config: planned } = again(saved, cwd, { file: 'kept/run.json' });
    expect(planned.traffic.pages).toEqual(config.traffic.pages);
  });

  describe('is refused, with what to do,', () => {
    const withPages = () =>
      configured({
        files: { 'pages.txt': pageList, 'trafficinator.yaml': { visits: 5, pages: 'pages.txt' } },
        env: { MATOMO_URL: 'http://127.0.0.1:9/' },
      });

    it('where the page list is another one now', () => {
      const { saved, cwd } = withPages();
      writeFileSync(join(cwd, 'pages.txt'), `${pageList}https://shop.example/c\tNew\n`);
      expect(refusal(saved, cwd)).toMatch(
        /pages\.txt has changed since the run.*Put the one of the run there/s,
      );
    });

    it('where the page list is gone', () => {
      const { saved, cwd } = withPages();
      rmSync(join(cwd, 'pages.txt'));
      expect(refusal(saved, cwd)).toMatch(
        /pages\.txt, the page list of the run, is not there.*beside the report/s,
      );
    });

    it('where a variable that a header refers to is not set', () => {
      const { saved, cwd } = configured({
        files: {
          'trafficinator.yaml': { target: { url: 'http://a.example', headers: { 'X-Key': `\${KEY}` } } },
        },
        env: { KEY: 'secret key' },
      });
      expect(refusal(saved, cwd)).toMatch(
        /header X-Key of a\.example refers to KEY, which is not set.*Set the variable/s,
      );
    });

    it('where it was changed', () => {
      const { saved, cwd } = configured({ env: { MATOMO_URL: 'http://a.example/' } });
      const changed = (config: Record<string, unknown>) => ({
        ...saved,
        config: { ...saved.config, ...config },
      });
      expect(refusal(changed({ rate: '5/fortnight' }), cwd)).toMatch(
        /rate = 5.fortnight must be a rate.*Take the file as the run wrote it/s,
      );
      expect(refusal(changed({ fancy: true }), cwd)).toContain('is no key');
      expect(refusal(changed({ target: { name: 'b' } }), cwd)).toContain('other targets than the results');
      expect(refusal({ ...saved, config: {} }, cwd)).toContain('not what a run writes');
    });

    it('where the server was a collector that ended with the run', () => {
      const { saved, cwd } = configured({ flags: { collector: true, visits: '5' } });
      expect(refusal(saved, cwd)).toMatch(/ended with the run.*trafficinator collector/s);
    });
  });

  it('says which headers a report does not hold', () => {
    const { saved, cwd } = configured({
      files: {
        'trafficinator.yaml': {
          target: { url: 'http://a.example', headers: { 'X-A': 'mine', 'X-B': 'too' } },
        },
      },
    });
    const { config, warnings } = again(saved, cwd);
    expect(config.targets[0]?.headers).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('a.example is asked without the headers X-A, X-B')]);
    expect(JSON.stringify(saved)).not.toContain('mine');
  });
});

function refusal(saved: Report, cwd: string): string {
  try {
    again(saved, cwd);
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 2) return `${error.message}\n${error.hint}`;
    throw error;
  }
  throw new Error('it was taken');
}
