import { stringify } from 'yaml';
import type { Report } from '../../run/report.ts';
import { duration, grouped, milliseconds, percent } from '../number-format.ts';
import { type Html, html, name, type Part } from './html.ts';
import { saidOf } from './said-config.ts';
import { folded, type Section } from './section.ts';
import { moment } from './verdict-part.ts';

/** What a run can be told apart and repeated by, and every value in effect. Secrets are the names of their variables. */
export function runSection(report: Report): Section {
  return {
    id: 'run',
    title: 'What was run',
    body: html`<dl class="facts">${factsOf(report).map(
      ([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>
`,
    )}</dl>
${folded('The whole configuration, as it was in effect', configPart(report))}`,
  };
}

function factsOf(report: Report): readonly (readonly [string, Part])[] {
  const { run, generator, exitCode } = report;
  const said = (title: string, key: string): (readonly [string, Part])[] => {
    const value = saidOf(report, key);
    return value === undefined ? [] : [[title, name(value)]];
  };
  return [
    ['command', run.command],
    ...said('preset', 'preset'),
    ['run', html`${name(run.id)}, tag ${run.tag}`],
    ['seed', String(run.seed)],
    ...(run.shard === null ? [] : [['shard', run.shard] as const]),
    ['started', moment(run.startedAt)],
    ['ended', `${moment(run.endedAt)}, after ${duration(run.durationSeconds)}`],
    ['ended by', endings[run.stoppedBy] + remainingText(run.remaining)],
    ...said('distribution', 'distribution'),
    ...said('rate', 'rate'),
    ...said('arrivals', 'arrivals'),
    ...said('clock', 'clock'),
    ...said('transport', 'transport'),
    ['this machine', machineText(generator)],
    ['exit code', String(exitCode)],
    ['version', run.version],
  ];
}

const endings: Readonly<Record<Report['run']['stoppedBy'], string>> = {
  visits: 'its visits: as many as were asked for',
  duration: 'its duration',
  signal: 'a signal',
  'lost-targets': 'the loss of targets',
  'plan-end': 'its plan, which had no more',
  threshold: 'a threshold that was broken',
};

function remainingText(remaining: number | null): string {
  if (remaining === 0) return '';
  return remaining === null
    ? '; it had no end of its own'
    : `; ${grouped(remaining)} visits were still to come`;
}

function machineText({ cpuShareMean, cpuShareMax, eventLoopDelayP99Ms }: Report['generator']): string {
  if (cpuShareMean === null) return 'not measured';
  const most = cpuShareMax === null ? '' : `, ${percent(cpuShareMax)} at most`;
  const delay =
    eventLoopDelayP99Ms === null
      ? ''
      : `; its event loop was up to ${milliseconds(eventLoopDelayP99Ms)} late (p99)`;
  return `${percent(cpuShareMean)} of a core${most}${delay}`;
}

function configPart({ config }: Report): Html {
  return html`<pre tabindex="0" aria-label="Configuration in effect">${stringify(config, { aliasDuplicateObjects: false })}</pre>`;
}
