import { readFileSync } from 'node:fs';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Metric, otelName, prometheusName } from '../../../src/output/metrics/metric.ts';
import { metrics } from '../../../src/output/metrics/metrics-table.ts';

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const names = metrics.map(prometheusName);

describe('the names of metrics keep the conventions of Prometheus:', () => {
  it.each(metrics.map(metric => [prometheusName(metric), metric] as const))('%s', (name, metric) => {
    expect(name).toMatch(/^trafficinator(_[a-z0-9]+)+$/);
    expect(otelName(metric)).toMatch(/^trafficinator(\.[a-z0-9_]+)+$/);
    expect(name.endsWith('_total')).toBe(metric.kind === 'counter');
    // These are made of other names, by histograms and by info metrics.
    expect(name).not.toMatch(/_(count|sum|bucket|created|timestamp)$/);
    // Base units alone, as the last word but `total`.
    const [unit] = /(?<=_)[a-z]+$/.exec(name.replace(/_total$/, '')) ?? [];
    expect(unit).not.toMatch(/^(ms|milliseconds|us|minutes|percent|kilobytes|megabytes|bits)$/);
    expect(unit === 'seconds').toBe(metric.unit === 's');
    expect(unit === 'bytes').toBe(metric.unit === 'By');
    expect(unit === 'ratio').toBe(metric.unit === '1');
    // The unit and the kind are no part of the name by which OpenTelemetry knows it.
    expect(metric.name).not.toMatch(/total|seconds|bytes|ratio|counter|gauge|histogram/);
    for (const label of metric.labels) {
      expect(label).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(['le', 'job', 'instance', '__name__']).not.toContain(label);
    }
    expect(metric.help).toMatch(/^[A-Z].*[^.\s]$/);
  });

  it('each is there once', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(metrics.map(otelName)).size).toBe(metrics.length);
  });
});

/** What stands in a query for a series: the words that are followed by its labels or the end of it. */
const seriesIn = (text: string) => [...text.matchAll(/\btrafficinator_\w+/g)].map(([name]) => name);

function seriesOf(metric: Metric): string[] {
  const name = prometheusName(metric);
  return metric.kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

const dashboard = z
  .object({
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string(),
        gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
        targets: z.array(
          z.object({ expr: z.string(), refId: z.string(), datasource: z.object({ uid: z.string() }) }),
        ),
      }),
    ),
    templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.string() })) }),
  })
  .parse(JSON.parse(file('docs/grafana-dashboard.json')));

describe('the dashboard', () => {
  const known = new Map(metrics.flatMap(metric => seriesOf(metric).map(name => [name, metric] as const)));
  const queries = [
    ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
    ...dashboard.templating.list.slice(1).map(({ name, query }) => [name, query] as const),
  ];

  it.each(queries)('asks in %s for metrics there are, by labels they have: %s', (_, query) => {
    expect(seriesIn(query)).not.toEqual([]);
    for (const name of seriesIn(query)) expect([...known.keys()]).toContain(name);
    for (const [, name = '', selectors = ''] of query.matchAll(/\b(trafficinator_\w+)\{([^}]*)\}/g)) {
      const labels = [...selectors.matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g)].map(([, label]) => label);
      const own = [...(known.get(name)?.labels ?? []), 'instance', 'job'];
      for (const label of labels) expect(own).toContain(label);
    }
  });

  it.each([
    ...queries.slice(0, -2).map(([, query]) => query),
    ...[...file('docs/metrics.md').matchAll(/```promql\n(.*?)```/gs)].flatMap(([, examples = '']) =>
      examples.split('\n\n'),
    ),
  ])("says what Prometheus's own grammar can read: %s", query => {
    const filled = query.replaceAll('$__rate_interval', '1m').replaceAll(/"\$\w+"/g, '"x"');
    // A query a line, after its comment; one goes over two lines.
    for (const one of filled.split(/\n(?!\s)/).filter(line => line !== '' && !line.startsWith('#'))) {
      expect(promql.parse(one).toString()).toMatch(/^PromQL\([^⚠]+\)$/);
    }
  });

  it('takes the data source from its variable, and no panel covers another', () => {
    const variables = dashboard.templating.list.map(({ name }) => name);
    expect(variables).toEqual(['datasource', 'instance', 'target']);
    const taken = new Set<string>();
    for (const { gridPos, targets } of dashboard.panels) {
      for (const { datasource } of targets) expect(datasource.uid).toMatch(/^\$\{datasource\}$/);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('and the page name no metric that is not there', () => {
    for (const name of seriesIn(file('docs/metrics.md'))) {
      expect([...known.keys(), ...names]).toContain(name);
    }
  });
});
