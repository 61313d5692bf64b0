import type { Report, SeriesPoint } from '../run/report.ts';
import type { ReportFile } from './report-files.ts';

/** In the order of the columns. */
const figures: readonly (keyof SeriesPoint)[] = [
  'at',
  'seconds',
  'due',
  'begun',
  'visits',
  'hits',
  'failed',
  'p50',
  'p95',
  'p99',
  'latenessP99',
  'inFlight',
];

/** `--series FILE`: a run over time, in the form that the file's ending says. */
export function seriesFile(path: string): ReportFile {
  return { what: 'the series', path, text: /\.csv$/i.test(path) ? seriesCsv : seriesNdjson };
}

/** RFC 4180, with a header. The whole run has no target; what has no data is empty. */
export function seriesCsv(report: Report): string {
  const lines = [
    ['target', ...figures],
    ...series(report).map(({ target, point }) => [
      csvField(target ?? ''),
      ...figures.map(figure => point[figure] ?? ''),
    ]),
  ];
  return lines.map(fields => `${fields.join(',')}\r\n`).join('');
}

/** A JSON object a line. The whole run has target null. */
export function seriesNdjson(report: Report): string {
  return series(report)
    .map(({ target, point }) => `${JSON.stringify({ target, ...point })}\n`)
    .join('');
}

/** The whole run, then target by target. */
function series({ series: whole, targets }: Report) {
  return [{ name: null, series: whole }, ...targets].flatMap(({ name, series: points }) =>
    points.map(point => ({ target: name, point })),
  );
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
