import type { ChalkInstance } from 'chalk';
import cliProgress from 'cli-progress';
import { BUSY_CPU, LATE_MS } from '../run/generator-warnings.ts';
import type { RunInfo, Snapshot } from '../run/snapshot.ts';
import { WIDE } from './live-table.ts';
import { clockTime, counted, grouped, milliseconds, percent, rate } from './number-format.ts';
import { cutToWidth, oneLine, textWidth, wrapWords } from './text-width.ts';

const BAR_COLUMNS = 28;

/** `trafficinator run · stress · seed 42 · 2 targets, split 3:1`, and the run's tag at the right edge. */
export function titleLine(info: RunInfo, command: string, columns: number, chalk: ChalkInstance): string {
  const parts = [info.preset, `seed ${info.seed}`, where(info)].filter(part => part !== null).map(oneLine);
  const left = `${chalk.bold(`trafficinator ${command}`)} · ${parts.join(' · ')}`;
  const right = `run ${info.tag}`;
  const space = columns - textWidth(left) - textWidth(right);
  if (space >= 2) return left + ' '.repeat(space) + chalk.dim(right);
  return `${cutToWidth(left, Math.max(0, columns - textWidth(right) - 2))}  ${chalk.dim(right)}`;
}

/** `58 %`, elapsed, visits and time left after a bar, or under it where the terminal is narrow. No end: no bar. */
export function barLines(snapshot: Snapshot, columns: number, chalk: ChalkInstance): string[] {
  const state = stateWord(snapshot, chalk);
  if (snapshot.phase === 'preparing') return [state];
  const texts = [elapsed(snapshot), visits(snapshot), state].filter(text => text !== '').join('   ');
  if (snapshot.fraction === null) return [texts];
  const done = percent(snapshot.fraction).padStart(5);
  if (columns >= WIDE) {
    const room = Math.min(BAR_COLUMNS, columns - textWidth(texts) - done.length - 4);
    return [`${bar(snapshot.fraction, room, chalk)} ${done}   ${texts}`];
  }
  return [`${bar(snapshot.fraction, columns - done.length - 1, chalk)} ${done}`, texts];
}

/** Where a backfill is in its oldest open day: a bar of its own under that of the whole. */
export function dayLines(
  { backfill, phase }: Snapshot,
  columns: number,
  chalk: ChalkInstance,
): readonly string[] {
  if (backfill === undefined || phase === 'preparing') return [];
  const { day, dayNumber, days, dayEndedVisits: ended, dayPlannedVisits: planned } = backfill;
  const fraction = planned === 0 ? 1 : ended / planned;
  const done = percent(fraction).padStart(5);
  const place = `${day}, day ${grouped(dayNumber)} of ${grouped(days)}`;
  if (columns < WIDE) return [`${bar(fraction, columns - done.length - 1, chalk)} ${done}`, place];
  const texts = `${place}   ${grouped(ended)} of ${counted(planned, 'visit')}`;
  const room = Math.min(BAR_COLUMNS, columns - textWidth(texts) - done.length - 4);
  return [`${bar(fraction, room, chalk)} ${done}   ${texts}`];
}

/** What is offered and how the generator itself does; while draining, how long that may take and how to end it. */
export function statusLines(snapshot: Snapshot, columns: number, chalk: ChalkInstance): string[] {
  const open = counted(snapshot.total.inFlight + snapshot.total.waiting, 'visit');
  if (snapshot.phase === 'draining') {
    const seconds = Math.ceil((snapshot.drainLeftMs ?? 0) / 1000);
    const text = `stopping: up to ${seconds} s for ${open} to end · a second Ctrl-C stops at once`;
    return wrapWords(text, columns, '  ').map(line => chalk.yellow(line));
  }
  const { backfill } = snapshot;
  const offered = snapshot.offeredVisitsPerSecond;
  const late = snapshot.latenessP99Ms;
  const marked = (text: string, bad: boolean) => (bad ? chalk.yellow(text) : chalk.dim(text));
  const parts = [
    snapshot.phase === 'finishing'
      ? `all visits begun, ${open} to end`
      : backfill === undefined
        ? `offered ${offered === null ? 'as fast as possible' : `${rate(offered)}/s`}`
        : allowed(backfill, offered, columns),
    late === null ? '' : marked(`lateness p99 ${milliseconds(late)}`, late > LATE_MS),
    marked(`${columns < WIDE ? '' : "this machine's "}CPU ${percent(snapshot.cpu)}`, snapshot.cpu > BUSY_CPU),
  ];
  return [parts.filter(part => part !== '').join(chalk.dim(' · '))];
}

/** What a backfill may do at once; it has no schedule. */
function allowed(
  { concurrency, mostConcurrency }: NonNullable<Snapshot['backfill']>,
  visitsPerSecond: number | null,
  columns: number,
): string {
  const requests = `${grouped(concurrency)} of ${counted(mostConcurrency, 'request')}`;
  const atOnce = columns < WIDE ? requests : `up to ${requests} at once`;
  return visitsPerSecond === null ? atOnce : `${atOnce}, ${rate(visitsPerSecond)} visits/s`;
}

function where({ targets, distribution }: RunInfo): string {
  const [first] = targets;
  if (first === undefined) return 'no target';
  if (targets.length === 1) return `${hostOf(first.url)} site ${first.siteId}`;
  const weights = targets.map(target => target.weight);
  const shares = distribution === 'split' && !weights.includes(undefined) ? ` ${weights.join(':')}` : '';
  return `${targets.length} targets, ${distribution}${shares}`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function stateWord({ phase, leftMs, elapsedMs }: Snapshot, chalk: ChalkInstance): string {
  switch (phase) {
    case 'preparing':
      return 'preparing …';
    case 'paused':
      return chalk.yellow('paused');
    case 'finishing':
      return 'finishing';
    case 'draining':
      return chalk.yellow('stopping');
    default:
      // From the whole seconds elapsed, so that the two always add up to the total.
      return leftMs === null ? '' : `${clockTime(totalMs(elapsedMs, leftMs) - floorSeconds(elapsedMs))} left`;
  }
}

function elapsed({ elapsedMs, leftMs, phase }: Snapshot): string {
  if (leftMs === null || phase !== 'running') return clockTime(elapsedMs);
  const total = clockTime(totalMs(elapsedMs, leftMs));
  return `${clockTime(elapsedMs).padStart(total.length)} of ${total}`;
}

function totalMs(elapsedMs: number, leftMs: number): number {
  return Math.round((elapsedMs + leftMs) / 1000) * 1000;
}

function floorSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function visits({ endedVisits, plannedVisits }: Snapshot): string {
  if (plannedVisits === null) return counted(endedVisits, 'visit');
  const planned = grouped(plannedVisits);
  return `${grouped(endedVisits).padStart(planned.length)} of ${counted(plannedVisits, 'visit')}`;
}

function bar(fraction: number, columns: number, chalk: ChalkInstance): string {
  const size = Math.max(0, columns);
  return cliProgress.Format.BarFormat(Math.min(1, Math.max(0, fraction)), {
    barsize: size,
    barCompleteString: '█'.repeat(size),
    barIncompleteString: '░'.repeat(size),
    barGlue: '',
  }).replace(/░+/, rest => chalk.dim(rest));
}
