import { isDay } from './backfill-schema.ts';
import type { SettingByPath } from './checks.ts';
import type { Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Settings } from './schema.ts';
import { isSaid } from './setting.ts';

const DAY_MS = 86_400_000;

/** From the first day to the last: from 1 January to 30 June. The Python Trafficinator refused what is longer. */
export const LONGEST_DAYS = 180;
/** … and warned of this. */
const LONG_DAYS = 90;

/** How a window is said: `from` and `to`, or `daysBack` and `days`. What flags say goes before what is said elsewhere. */
export function windowForm(setting: SettingByPath): 'dates' | 'counts' | 'both' | 'none' {
  const said = (paths: readonly string[], byFlag: boolean) =>
    paths.some(path => {
      const found = setting(path);
      return isSaid(found) && (!byFlag || found.origin.kind === 'flag');
    });
  for (const byFlag of [true, false]) {
    const [dates, counts] = [said(datePaths, byFlag), said(countPaths, byFlag)];
    if (dates && counts) return 'both';
    if (dates) return 'dates';
    if (counts) return 'counts';
  }
  return 'none';
}

const datePaths = ['backfill.from', 'backfill.to'] as const;
const countPaths = ['backfill.daysBack', 'backfill.days'] as const;

/** What cannot be filled, as far as no clock is needed to tell. A journal that is resumed has its own window. */
export function checkBackfill(setting: SettingByPath): readonly Problem[] {
  return [
    ...(setting('resume').value === true ? [] : checkWindow(setting)),
    ...checkCaps(setting),
    ...checkShape(setting),
    ...checkShard(setting),
    ...checkWorkers(setting),
  ];
}

/** Shards need one start and one tag without a coordinator, and a journal is of one process. */
function checkShard(setting: SettingByPath): Problem[] {
  const { value, origin } = setting('shard');
  if (value === undefined || value === null) return [];
  const rule =
    'is not possible in a backfill: give each machine days of its own, which have a journal of their own';
  return [{ path: 'shard', value, rule, from: originText(origin) }];
}

/** Said in a file it is for runs. */
function checkWorkers(setting: SettingByPath): Problem[] {
  const { value, origin } = setting('workers');
  if (origin.kind !== 'flag' || String(value) === '1') return [];
  const rule = 'is not possible in a backfill, which sends from one thread: --concurrency is';
  return [{ path: 'workers', value, rule, from: originText(origin) }];
}

/** Every day has exactly its number of visits: at random it would have about as many. */
function checkShape(setting: SettingByPath): Problem[] {
  const { value, origin } = setting('arrivals');
  if (value !== 'poisson' && value !== 'poisson-curve') return [];
  const rule = 'is not possible in a backfill, which is to have exact days: constant or curve is';
  return [{ path: 'arrivals', value, rule, from: originText(origin) }];
}

function checkWindow(setting: SettingByPath): Problem[] {
  const problem = (path: string, rule: string): Problem => {
    const { value, origin } = setting(path);
    return { path, value, rule, from: originText(origin) };
  };
  const form = windowForm(setting);
  switch (form) {
    case 'none':
      return [
        { path: '', rule: 'needs a window: --from and --to, or --days-back and --days', from: 'backfill' },
      ];
    case 'both': {
      const [path = countPaths[0]] = countPaths.filter(each => isSaid(setting(each)));
      const [other = datePaths[0]] = datePaths.filter(each => isSaid(setting(each)));
      const said = `${other} = ${String(setting(other).value)} (${originText(setting(other).origin)})`;
      return [problem(path, `is not possible with ${said}: say the days, or how many they are`)];
    }
    default: {
      const [first, last] = form === 'dates' ? datePaths : countPaths;
      const [firstSaid, lastSaid] = [isSaid(setting(first)), isSaid(setting(last))];
      if (!firstSaid) return [problem(last, `needs ${first} too: it is half a window`)];
      if (!lastSaid) return [problem(first, `needs ${last} too: it is half a window`)];
      return form === 'dates' ? checkDates(setting, problem) : checkCounts(setting, problem);
    }
  }
}

type ProblemAt = (path: string, rule: string) => Problem;

function checkDates(setting: SettingByPath, problem: ProblemAt): Problem[] {
  const [from, to] = [String(setting('backfill.from').value), String(setting('backfill.to').value)];
  // What is no day has been told by the schema.
  if (!isDay(from) || !isDay(to)) return [];
  if (to < from) return [problem('backfill.to', `must not be before ${from}`)];
  return checkLength(setting, (Date.parse(to) - Date.parse(from)) / DAY_MS, problem, 'backfill.to');
}

function checkCounts(setting: SettingByPath, problem: ProblemAt): Problem[] {
  const [back, days] = countPaths.map(path => setting(path).value);
  if (typeof back !== 'number' || typeof days !== 'number') return [];
  if (days > back + 1) {
    return [
      problem(
        'backfill.days',
        `must be at most ${back + 1}: from ${back} days ago on, more would end in the future`,
      ),
    ];
  }
  return checkLength(setting, days - 1, problem, 'backfill.days');
}

function checkLength(setting: SettingByPath, between: number, problem: ProblemAt, path: string): Problem[] {
  if (between <= LONGEST_DAYS || setting('backfill.allowLong').value === true) return [];
  return [
    problem(
      path,
      `makes a window of ${between + 1} days: more than ${LONGEST_DAYS} days from the first to the last need --allow-long`,
    ),
  ];
}

function checkCaps(setting: SettingByPath): Problem[] {
  const { value, origin } = setting('backfill.maxVisits');
  const perDay = setting('backfill.visitsPerDay');
  if (typeof value !== 'number' || typeof perDay.value !== 'number') return [];
  if (value === 0 || value >= perDay.value) return [];
  const rule = `must be at least backfill.visitsPerDay = ${perDay.value} (${originText(perDay.origin)}), or 0 for no end: it is less than one day`;
  return [{ path: 'backfill.maxVisits', value, rule, from: originText(origin) }];
}

/** Visits a day and a second that the Python Trafficinator warned of. */
const MANY_A_DAY = 8000;
const MANY_A_SECOND = 100;

/** What may be meant, and is heavy for a small server. */
export function backfillWarnings({ backfill, collector }: Settings, days: number): string[] {
  const warnings: string[] = [];
  if (days > LONG_DAYS) warnings.push(`${days} days are a long window: archiving them takes long, too`);
  if (collector) return warnings;
  if (backfill.visitsPerDay > MANY_A_DAY) {
    warnings.push(`${backfill.visitsPerDay} visits a day make large archives for many servers`);
  }
  if (typeof backfill.rate === 'number' && backfill.rate > MANY_A_SECOND) {
    warnings.push(`${backfill.rate} visits a second are a heavy load for many servers`);
  }
  return warnings;
}
