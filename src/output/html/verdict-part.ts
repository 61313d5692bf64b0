import { Chalk } from 'chalk';
import type { Report } from '../../run/report.ts';
import { counted, duration, grouped, milliseconds, percent, rate } from '../number-format.ts';
import { savedCurrencies } from '../saved-currencies.ts';
import { resultText } from '../threshold-lines.ts';
import { endedByRequest, exitReason, headlineText, verdictMark } from '../verdict.ts';
import { verdictLines } from '../verification-lines.ts';
import { type Html, html, name, type Part } from './html.ts';
import { saidOf } from './said-config.ts';
import { marked } from './section.ts';

/** What is wanted is the words. */
const plain = new Chalk({ level: 0 });
/** A browser breaks lines by itself. */
const ONE_LINE = 100_000;

/** What came of it, before anything else: in a sentence, then everything that made it so, then the main figures. */
export function verdictPart(report: Report): Html {
  const verdicts = [
    ...thresholdVerdicts(report),
    ...verificationVerdicts(report),
    ...report.generator.warnings.map(warning => marked('li', '!', warning)),
    ...exitVerdict(report),
  ];
  return html`<p class="what">${whatWasRun(report)}</p>
${marked('h1', verdictMark(report), headlineText(report))}
${verdicts.length === 0 ? undefined : html`<ul class="verdicts">${verdicts}</ul>\n`}
<dl class="key">${keyFigures(report)}</dl>
`;
}

/** `trafficinator run · smoke · 22 November 2026, 23:08 UTC · run 54266a1af8d1e2597669` */
function whatWasRun(report: Report): Part {
  const { run } = report;
  const preset = saidOf(report, 'preset');
  return html`trafficinator ${run.command}${preset === undefined ? undefined : html` · ${name(preset)}`} · <time datetime="${run.startedAt}">${moment(run.startedAt)}</time> · run ${name(run.id)}`;
}

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** `22 November 2026 at 23:08 UTC` */
export function moment(iso: string): string {
  return `${moments.format(new Date(iso))} UTC`;
}

function thresholdVerdicts({ thresholds }: Report): Html[] {
  return thresholds.map(result => {
    const { expression, passed, abortedAtSeconds } = result;
    const aborted =
      abortedAtSeconds === undefined ? '' : `, and ended the run after ${duration(abortedAtSeconds)}`;
    return marked('li', passed ? '✓' : '✗', html`${name(expression)} · ${resultText(result)}${aborted}`);
  });
}

function verificationVerdicts(report: Report): Html[] {
  const { verification } = report;
  if (verification === null) return [];
  const currencies = savedCurrencies(report);
  return verdictLines(verification, { chalk: plain, width: ONE_LINE, currencies }).map(line =>
    // Where a terminal leaves room, a page has a point.
    marked('li', line.slice(0, 1), line.slice(2).replace(/ {2,}/g, ' · ')),
  );
}

function exitVerdict(report: Report): Html[] {
  const reason = exitReason(report);
  return reason === undefined ? [] : [marked('li', endedByRequest(report) ? '!' : '✗', reason)];
}

function keyFigures({ visits, hits, rate: rates, latencyMs, latenessMs, run }: Report): Html[] {
  const lost = hits.rejected + hits.failed + hits.unknown;
  const offered = rates.offeredVisitsPerSecond;
  const figures: readonly (readonly [string, string, string])[] = [
    ['visits', grouped(visits.planned), `${grouped(visits.completed)} completed`],
    ['hits', grouped(hits.planned), `${grouped(hits.accepted)} accepted`],
    [
      'visits per second',
      rate(rates.achievedVisitsPerSecond),
      offered === null || run.command === 'backfill' ? 'as fast as it went' : `offered ${rate(offered)}`,
    ],
    [
      'latency p95',
      milliseconds(latencyMs?.p95 ?? null),
      `p50 ${milliseconds(latencyMs?.p50 ?? null)}, p99 ${milliseconds(latencyMs?.p99 ?? null)}`,
    ],
    [
      'lateness p99',
      milliseconds(latenessMs?.p99 ?? null),
      latenessMs === null ? 'not measured' : `at most ${milliseconds(latenessMs.max)}`,
    ],
    [
      'errors',
      grouped(lost),
      hits.skipped === 0
        ? `${lostShare(lost, hits.planned)} of the hits`
        : `and ${counted(hits.skipped, 'hit')} skipped`,
    ],
  ];
  return figures.map(
    ([title, value, more]) => html`<div><dt>${title}</dt><dd>${value}</dd><dd>${more}</dd></div>
`,
  );
}

function lostShare(lost: number, all: number): string {
  const share = all === 0 ? 0 : lost / all;
  return share > 0 && share < 0.01 ? '<1 %' : percent(share);
}
