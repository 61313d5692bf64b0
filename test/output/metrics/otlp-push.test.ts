import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MeasuredRun } from '../../../src/output/metrics/measured-run.ts';
import { metrics } from '../../../src/output/metrics/metrics-table.ts';
import { OtlpPush } from '../../../src/output/metrics/otlp-push.ts';
import { type AnswerTo, gif, status } from '../../support/fault-server.ts';
import { runConfig, start, targetConfig } from '../../support/run-config.ts';
import { servers } from '../../support/servers.ts';

const { serve, close } = servers();
afterAll(close);

/** OTLP as JSON (opentelemetry-proto, `metrics/v1`): 64-bit numbers may be texts. */
const attributes = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
  .transform(list => Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue])));
const number = z.coerce.number();
const point = z.object({
  attributes,
  startTimeUnixNano: number,
  timeUnixNano: number,
  asInt: number.optional(),
  asDouble: number.optional(),
  count: number.optional(),
  sum: number.optional(),
  bucketCounts: z.array(number).optional(),
  explicitBounds: z.array(number).optional(),
});
const points = z.object({
  dataPoints: z.array(point),
  isMonotonic: z.boolean().optional(),
  aggregationTemporality: number.optional(),
});
const request = z.object({
  resourceMetrics: z.tuple([
    z.object({
      resource: z.object({ attributes }),
      scopeMetrics: z.tuple([
        z.object({
          metrics: z.array(
            z.object({
              name: z.string(),
              unit: z.string(),
              sum: points.optional(),
              gauge: points.optional(),
              histogram: points.optional(),
            }),
          ),
        }),
      ]),
    }),
  ]),
});

const taken: AnswerTo = () => ({
  name: 'taken',
  means: 'accepted',
  give: (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'),
});

function pushTo(url: string, warn: (message: string) => void = () => {}) {
  const run = new MeasuredRun({ command: 'run', version: '1.2.3' });
  const headers = { authorization: 'Bearer one-two-three' };
  return { run, push: new OtlpPush({ url, headers, intervalSeconds: 3600, run, warn }) };
}

describe('metrics that are pushed', () => {
  it('arrive at the end as the report has them', async () => {
    const [matomo, receiver] = [await serve(() => gif), await serve(taken)];
    const { run, push } = pushTo(`${receiver.origin}/otlp/`);
    const report = await start(runConfig(targetConfig(matomo.url)), { outputs: [run, push] }).done;

    expect(receiver.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /otlp/v1/metrics',
    ]);
    const [received] = receiver.requests;
    expect(received?.headers).toMatchObject({
      authorization: 'Bearer one-two-three',
      'content-type': 'application/json',
    });
    const [{ resource, scopeMetrics }] = request.parse(JSON.parse(received?.body ?? '')).resourceMetrics;
    expect(resource.attributes).toMatchObject({
      'service.name': 'trafficinator',
      'service.version': '1.2.3',
      'service.instance.id': 'test',
    });
    const byName = new Map(scopeMetrics[0].metrics.map(metric => [metric.name, metric]));
    expect([...byName.keys()]).toEqual(metrics.map(({ name }) => `trafficinator.${name}`));
    const pointsOf = (name: string) => {
      const metric = byName.get(`trafficinator.${name}`);
      return (metric?.sum ?? metric?.gauge ?? metric?.histogram)?.dataPoints ?? [];
    };
    const byOutcome = (name: string) =>
      Object.fromEntries(pointsOf(name).map(({ attributes: { outcome = '' }, asInt }) => [outcome, asInt]));
    const { planned: _, unconfirmed, unaccounted, ...hits } = report.hits;
    expect(byOutcome('hits')).toEqual(hits);
    const { planned, ...visits } = report.visits;
    expect(byOutcome('visits')).toEqual(visits);
    expect(pointsOf('visits.planned')[0]).toMatchObject({ asInt: planned, attributes: { target: 'target' } });
    expect(pointsOf('run.exit_code')[0]?.asDouble).toBe(0);

    const [times] = pointsOf('hit.latency');
    expect(times?.count).toBe(report.hits.accepted);
    expect((times?.sum ?? 0) * 1000).toBeCloseTo((report.latencyMs?.mean ?? 0) * report.hits.accepted, 0);
    expect(times?.bucketCounts?.reduce((sum, count) => sum + count, 0)).toBe(report.hits.accepted);
    expect(times?.bucketCounts?.length).toBe((times?.explicitBounds?.length ?? 0) + 1);
    expect(times?.startTimeUnixNano).toBeCloseTo(report.run.startEpochMs * 1e6, -6);
    // Cumulative, as Prometheus has it.
    expect(byName.get('trafficinator.hits')?.sum).toMatchObject({
      isMonotonic: true,
      aggregationTemporality: 2,
    });
    expect(byName.get('trafficinator.hit.latency')).toMatchObject({
      unit: 's',
      histogram: { aggregationTemporality: 2 },
    });
  });

  it.each([
    ['that says no', () => status(401), 'status 401'],
    ['that is dead', undefined, 'ECONNREFUSED'],
  ] as const)('to a receiver %s cost the run nothing, and that is told once', async (_, answerTo, why) => {
    const [matomo, receiver] = [await serve(() => gif), await serve(answerTo ?? taken)];
    if (answerTo === undefined) await receiver.die();
    const told: string[] = [];
    const { run, push } = pushTo(receiver.origin, message => told.push(message));
    const report = await start(runConfig(targetConfig(matomo.url)), { outputs: [run, push] }).done;
    expect(report).toMatchObject({ exitCode: 0, hits: { accepted: report.hits.planned } });
    await push.finish();
    expect(told).toEqual([expect.stringContaining(`${receiver.origin}/v1/metrics: `)]);
    expect(told[0]).toContain(why);
  });
});
