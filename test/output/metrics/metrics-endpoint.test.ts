import parse from 'parse-prometheus-text-format';
import { afterAll, describe, expect, it } from 'vitest';
import { MeasuredRun } from '../../../src/output/metrics/measured-run.ts';
import { type MetricsEndpoint, startMetricsEndpoint } from '../../../src/output/metrics/metrics-endpoint.ts';
import type { Report } from '../../../src/run/report.ts';
import { gif, status } from '../../support/fault-server.ts';
import { runConfig, start, targetConfig } from '../../support/run-config.ts';
import { servers } from '../../support/servers.ts';

const { serve, close } = servers();
afterAll(close);

const loopback = { host: '127.0.0.1', port: 0 };
const never = new AbortController().signal;
const newRun = () => new MeasuredRun({ command: 'run', version: '1.2.3' });

/** As a parser that is not ours reads it. */
async function read({ url }: Pick<MetricsEndpoint, 'url'>) {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return families(await response.text());
}

function families(text: string) {
  // The parser adds the series of histograms up, whatever their labels, where it knows them for histograms.
  const plain = text.replace(/^(# TYPE \S+) histogram$/gm, '$1 untyped');
  const families = parse(plain);
  const samples = (name: string, labels: Labels = {}) =>
    families
      .filter(family => family.name === `trafficinator_${name}`)
      .flatMap(({ metrics }) => metrics)
      .filter(metric => Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value));
  const series = (name: string, labels: Labels = {}) => {
    const found = samples(name, labels);
    expect(found).toHaveLength(1);
    return found[0];
  };
  return {
    names: families.map(family => family.name),
    samples,
    series,
    value: (name: string, labels: Labels = {}) => Number(series(name, labels)?.value),
  };
}

type Labels = Readonly<Record<string, string>>;

/** Percentiles of a histogram lie in the bucket that Prometheus would take them from. */
function expectSameTimes(
  last: ReturnType<typeof families>,
  name: string,
  labels: Labels,
  times: Report['latencyMs'],
): void {
  const total = last.value(`${name}_count`, labels);
  const buckets = last
    .samples(`${name}_bucket`, labels)
    .map(({ labels: own, value }) => [Number(own?.le?.replace('+Inf', 'Infinity')), Number(value)] as const);
  expect(buckets.at(-1)).toEqual([Number.POSITIVE_INFINITY, total]);
  const { mean, p50, p95, p99 } = times ?? { mean: NaN, p50: NaN, p95: NaN, p99: NaN };
  expect(last.value(`${name}_sum`, labels) * 1000).toBeCloseTo(mean * total, 0);
  for (const [share, ms] of [
    [0.5, p50],
    [0.95, p95],
    [0.99, p99],
  ] as const) {
    const at = buckets.findIndex(([, counted]) => counted >= Math.ceil(total * share));
    // Ends of buckets and percentiles are each right within 1 / 64.
    expect(ms / 1000).toBeLessThanOrEqual((buckets[at]?.[0] ?? 0) * (1 + 1 / 32));
    expect(ms / 1000).toBeGreaterThanOrEqual((buckets[at - 1]?.[0] ?? 0) * (1 - 1 / 32));
  }
}

describe('metrics that Prometheus reads', () => {
  it('agree with the report at the end, target by target, and say what is run', async () => {
    const [good, odd] = [
      await serve(() => gif),
      await serve(request => (request.number % 5 === 0 ? status(400) : gif)),
    ];
    const run = newRun();
    const endpoint = await startMetricsEndpoint(loopback, run);
    const before = await read(endpoint);
    expect(before.value('run_phase', { phase: 'preparing' })).toBe(1);
    expect(before.samples('hits_total')).toEqual([]);
    expect(before.samples('run_exit_code')).toEqual([]);
    const targets = [
      targetConfig(good.url, { name: 'a "quoted" name' }),
      targetConfig(odd.url, { name: 'odd' }),
    ];
    const report = await start({ ...runConfig(targetConfig(good.url)), targets }, { outputs: [run] }).done;
    const last = await read(endpoint);
    await endpoint.close();

    for (const { name: target, hits, visits, latencyMs, latenessMs, errors } of report.targets) {
      for (const outcome of ['accepted', 'rejected', 'failed', 'unknown', 'skipped'] as const) {
        expect(last.value('hits_total', { target, outcome })).toBe(hits[outcome]);
      }
      for (const outcome of ['completed', 'partial', 'failed', 'dropped', 'skipped'] as const) {
        expect(last.value('visits_total', { target, outcome })).toBe(visits[outcome]);
      }
      expect(last.value('hits_planned_total', { target })).toBe(hits.planned);
      expect(last.value('visits_planned_total', { target })).toBe(visits.planned);
      expect(last.value('visits_in_flight', { target })).toBe(0);
      expectSameTimes(last, 'hit_latency_seconds', { target }, latencyMs);
      expectSameTimes(last, 'hit_lateness_seconds', { target }, latenessMs);
      for (const { code, count } of errors) {
        expect(last.value('hits_not_accepted_total', { target, code })).toBe(count);
      }
    }
    expect(report.targets[1]?.hits.rejected).toBeGreaterThan(0);
    expect(last.value('hits_not_accepted_total', { target: 'odd', code: 'HTTP_400' })).toBe(
      report.targets[1]?.hits.rejected,
    );
    expect(last.value('run_phase', { phase: 'ended' })).toBe(1);
    expect(last.value('run_phase', { phase: 'running' })).toBe(0);
    expect(last.value('run_progress_ratio')).toBe(1);
    expect(last.value('run_exit_code')).toBe(report.exitCode);
    expect(last.value('visits_offered_per_second')).toBe(100);
    expect(last.value('run_start_time_seconds') * 1000).toBeCloseTo(report.run.startEpochMs, 0);
    expect(last.series('run_info')?.labels).toMatchObject({ run_id: 'test', version: '1.2.3', seed: '1' });
    expect(last.series('target_info', { target: 'odd' })?.labels).toMatchObject({
      url: odd.url,
      site_id: '1',
    });
    expect(last.value('generator_cpu_seconds_total')).toBeGreaterThan(0);
    expect(last.names.filter(name => !/^trafficinator_[a-z0-9_]+$/.test(name))).toEqual([]);
  });

  it('are told with the thresholds and the verification of the end, and after a target was lost', async () => {
    const dead = await serve(() => status(404));
    const run = newRun();
    const endpoint = await startMetricsEndpoint(loopback, run);
    const config = runConfig(targetConfig(dead.url));
    const report = await start(config, { outputs: [run] }).done;
    run.finish({
      ...report,
      thresholds: [{ expression: 'hits.failed.rate < 1%', value: 1, passed: false }],
      verification: {
        method: 'visits',
        at: '2026-01-01T00:00:00Z',
        strict: false,
        passed: true,
        targets: [
          {
            name: 'target',
            result: 'equal',
            reason: null,
            figures: [],
            differences: [],
            names: [],
            causes: [],
            visits: [],
            visitsLeftOut: 0,
            settled: { recorded: 0, lost: 0, hits: [] },
          },
        ],
      },
    });
    const last = await read(endpoint);
    await endpoint.close();
    expect(last.value('threshold_passed', { threshold: 'hits.failed.rate < 1%' })).toBe(0);
    expect(last.value('verification_passed', { target: 'target' })).toBe(1);
    expect(last.value('target_up')).toBe(0);
    expect(last.value('target_outages_total')).toBe(report.targets[0]?.health.outages);
    expect(report.targets[0]?.health.outages).toBeGreaterThan(0);
  });
});

describe('the endpoint', () => {
  it('tells people where metrics are, and only lets them be read', async () => {
    const endpoint = await startMetricsEndpoint(loopback, newRun());
    const { origin } = new URL(endpoint.url);
    expect(endpoint.wasRead).toBe(false);
    expect(await (await fetch(origin)).text()).toContain('/metrics');
    expect((await fetch(`${origin}/other`)).status).toBe(404);
    const written = await fetch(endpoint.url, { method: 'POST', body: 'x' });
    expect([written.status, written.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(`${endpoint.url}?x=1`, { method: 'HEAD' })).status).toBe(200);
    expect(endpoint.wasRead).toBe(false);
    await read(endpoint);
    expect(endpoint.wasRead).toBe(true);
    await endpoint.close();
    await expect(fetch(endpoint.url)).rejects.toThrow();
  });

  it('waits for the last values to be read, no longer than that, and not once it is told to stop', async () => {
    const server = await serve(() => gif);
    const run = newRun();
    const endpoint = await startMetricsEndpoint(loopback, run);
    await read(endpoint);
    await start(runConfig(targetConfig(server.url), { visits: 1 }), { outputs: [run] }).done;
    // What was read before the end is not the end's.
    expect(endpoint.wasLastRead).toBe(false);
    await endpoint.lastRead(1, never);
    expect(endpoint.wasLastRead).toBe(false);
    const stop = new AbortController();
    const waiting = endpoint.lastRead(3_600_000, stop.signal);
    stop.abort();
    await waiting;
    const untilRead = endpoint.lastRead(3_600_000, never);
    await read(endpoint);
    await untilRead;
    expect(endpoint.wasLastRead).toBe(true);
    await endpoint.close();
  });

  it('refuses a port that is taken', async () => {
    const first = await startMetricsEndpoint(loopback, newRun());
    const port = Number(new URL(first.url).port);
    await expect(startMetricsEndpoint({ ...loopback, port }, newRun())).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      exitCode: 2,
      message: `--metrics: cannot listen on 127.0.0.1:${port}: another program has the port`,
    });
    await first.close();
  });

  it('refuses an address that is not of this machine', async () => {
    await expect(startMetricsEndpoint({ host: '192.0.2.1', port: 0 }, newRun())).rejects.toMatchObject({
      message: '--metrics: cannot listen on 192.0.2.1:0: this machine has no such address',
    });
  });
});
