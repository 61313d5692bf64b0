import { describe, expect, it } from 'vitest';
import { seriesCsv, seriesFile, seriesNdjson } from '../../src/output/series-file.ts';
import type { SeriesPoint } from '../../src/run/report.ts';
import { report, targetReport } from './samples.ts';

const point: SeriesPoint = {
  at: 1.001,
  seconds: 1.001,
  due: 4,
  begun: 3,
  visits: 3,
  hits: 20,
  failed: 1,
  p50: 11,
  p95: 30.5,
  p99: null,
  latenessP99: 0.5,
  inFlight: 2,
};
const sample = report({
  series: [point, { ...point, at: 2 }],
  targets: [targetReport({ name: 'a "b", c', series: [point] }), targetReport({ name: 'idle' })],
});

describe('a series as CSV', () => {
  it('has a column for each figure, the whole run first, and empty fields for what has no data', () => {
    expect(seriesCsv(sample)).toBe(
      [
        'target,at,seconds,due,begun,visits,hits,failed,p50,p95,p99,latenessP99,inFlight',
        ',1.001,1.001,4,3,3,20,1,11,30.5,,0.5,2',
        ',2,1.001,4,3,3,20,1,11,30.5,,0.5,2',
        '"a ""b"", c",1.001,1.001,4,3,3,20,1,11,30.5,,0.5,2',
        '',
      ].join('\r\n'),
    );
    expect(seriesCsv(sample).split('\r\n')[0]).toBe(['target', ...Object.keys(point)].join(','));
  });

  it('has a header alone where nothing was sent', () => {
    expect(seriesCsv(report())).toMatch(/^target,[^\r\n]*\r\n$/);
  });
});

it('a series as NDJSON has an object a line, with target null for the whole run', () => {
  const lines = seriesNdjson(sample).trimEnd().split('\n');
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { target: null, ...point },
    { target: null, ...point, at: 2 },
    { target: 'a "b", c', ...point },
  ]);
});

it('the ending of its name says which', () => {
  expect(seriesFile('/x/run.CSV').text(sample)).toBe(seriesCsv(sample));
  expect(seriesFile('/x/run.ndjson').text(sample)).toBe(seriesNdjson(sample));
});
