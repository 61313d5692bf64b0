import { type Metric, otelName, prometheusName } from './metric.ts';
import { metrics } from './metrics-table.ts';

/** Where the table of `docs/metrics.md` stands. What is outside of the marks is written by hand. */
const begin = '<!-- generated: npm run generate -->';
const end = '<!-- end of generated -->';

/** The page with its table made anew. */
export function withMetrics(page: string): string {
  const head = page.slice(0, page.indexOf(begin) + begin.length);
  const tail = page.slice(page.indexOf(end));
  const rows = metrics.map(rowOf).join('\n');
  return `${head}\n\n| metric | kind | labels | meaning |\n|---|---|---|---|\n${rows}\n\n${tail}`;
}

function rowOf(metric: Metric): string {
  const labels = metric.labels.map(label => `\`${label}\``).join(', ');
  const names = `\`${prometheusName(metric)}\`<br>\`${otelName(metric)}\``;
  return `| ${names} | ${metric.kind} | ${labels} | ${metric.help} |`;
}
