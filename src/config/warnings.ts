import { visitsOfStages } from '../traffic/arrivals/stages.ts';
import { LONGEST_GAP_SECONDS } from '../traffic/timing.ts';
import { peakRate, unusedArrivals } from './arrivals.ts';
import { collectorSiteIds } from './collector-sites.ts';
import type { LoadedTarget } from './load.ts';
import { tooManyInFlight } from './load-on-target.ts';
import { valueAt } from './nested.ts';
import { isWithin, legacyNumber } from './option.ts';
import { originText } from './origin.ts';
import { visitsPerDay } from './rate.ts';
import type { Settings } from './schema.ts';
import { isCredential } from './secrets.ts';
import { isSaid, type Setting, settingText, unusedSetting } from './setting.ts';
import { tokenKeys } from './token-variable.ts';
import { scriptUrl } from './tracking-url.ts';

/** What may hold, but rarely is what was meant. */
export function warningsOf(
  values: Settings,
  settings: readonly Setting[],
  targets: readonly LoadedTarget[],
  command: 'run' | 'backfill',
): readonly string[] {
  // A backfill has no schedule.
  const ofSchedule = command === 'run' ? [...unusedArrivals(values, settings), ...unscheduled(values)] : [];
  return [
    ...beyondLegacyLimits(values, settings, ''),
    ...targets.flatMap(target => beyondLegacyLimits(target.values, target.settings, `${target.label}.`)),
    ...(values.collector ? [] : targets.flatMap(exposed)),
    ...targets.flatMap(target => withoutEffect(values, target, targets.length)),
    ...ofSchedule,
    ...unusedMetrics(values, settings),
    ...unusual(values, targets, command),
    ...tooManyInFlight(values, targets),
    ...longGaps(values, targets),
  ];
}

/** What was done to a value so that it could be used. */
export function noticesOf({ collector }: Settings, targets: readonly LoadedTarget[]): readonly string[] {
  const ids = collectorSiteIds(targets.map(({ values }) => values.siteId));
  return targets.flatMap(({ label, name, values: { url: given, siteId } }, at) => {
    if (collector) {
      return [
        ...(given === undefined ? [] : [`--collector: ${label}.url is not used`]),
        ...(ids[at] === siteId
          ? []
          : [`--collector: ${name} is site ${ids[at]}: another target is site ${siteId}`]),
      ];
    }
    if (given === undefined) return [];
    const url = scriptUrl(given, 'matomo.php');
    if (url.pathname === new URL(given).pathname.replace(/\/+$/, '')) return [];
    return [`${label}.url does not end in .php: ${url.href} is used`];
  });
}

/** The limits of legacy variables have reasons; whoever goes beyond them elsewhere should know. */
function beyondLegacyLimits(
  values: Readonly<Record<string, unknown>>,
  settings: readonly Setting[],
  prefix: string,
): string[] {
  return settings.flatMap(setting => {
    const { leaf, origin } = setting;
    const { legacy } = leaf.meta;
    // What defaults and shipped presets say was thought about.
    const isOurs = origin.kind === 'default' || (origin.kind === 'preset' && origin.shipped);
    if (legacy === undefined || isOurs) return [];
    const number = legacyNumber(legacy, valueAt(values, leaf.path));
    if (number === undefined || isWithin(legacy, number)) return [];
    const limits = `${legacy.min} to ${legacy.max} of ${legacy.name}`;
    return [
      `${prefix}${leaf.path} = ${settingText(setting)} (${originText(origin)}) is beyond the usual ${limits}`,
    ];
  });
}

function settingAt({ settings }: LoadedTarget, path: string): Setting | undefined {
  return settings.find(({ leaf }) => leaf.path === path);
}

/** Secrets where others can read them. */
function exposed(target: LoadedTarget): string[] {
  const { label, name, values } = target;
  const of = label === 'target' ? '' : ` of ${name}`;
  const warnings: string[] = [];
  for (const { key, variableKey } of tokenKeys) {
    const token = settingAt(target, key);
    if (token?.value === undefined || token.variable !== undefined) continue;
    const place = originText(token.origin);
    warnings.push(
      `the ${key}${of} stands in ${place}: keep it in a variable and refer to it with ${variableKey}`,
    );
  }
  const headers = settingAt(target, 'headers');
  const inline = Object.keys(values.headers ?? {}).filter(
    header => isCredential(header) && headers?.template?.[header] == null,
  );
  if (headers !== undefined && inline.length > 0) {
    const place = originText(headers.origin);
    warnings.push(
      `the value of ${inline.join(', ')}${of} stands in ${place}: keep it in a variable and refer to it with ` +
        '$' +
        '{VAR}',
    );
  }
  if (!values.tls.verify) {
    const place = originText(settingAt(target, 'tls.verify')?.origin ?? { kind: 'default' });
    warnings.push(
      `CERTIFICATES OF ${name} ARE NOT CHECKED (${place}): whoever stands between can read its token and all ` +
        'that is sent. With a certificate of your own making, name it in tls.ca instead',
    );
  }
  return warnings;
}

/** What a target says and the distribution does not use. */
function withoutEffect({ distribution, whenDown }: Settings, target: LoadedTarget, count: number): string[] {
  const told = (key: string, where: string) => {
    const setting = settingAt(target, key);
    if (setting === undefined || !isSaid(setting)) return [];
    return [
      `${target.label}.${key} = ${settingText(setting)} (${originText(setting.origin)}) counts under ${where} only, and distribution is ${distribution}`,
    ];
  };
  const hasShares = distribution === 'split' || whenDown === 'reroute';
  return [
    ...(distribution === 'independent' ? [] : told('rate', 'independent')),
    ...(hasShares || count === 1 ? [] : told('weight', 'split')),
  ];
}

/** Over so soon that their rate is no load. */
const FEW_VISITS = 5000;

function unusual(values: Settings, targets: readonly LoadedTarget[], command: 'run' | 'backfill'): string[] {
  const warnings: string[] = [];
  const most = Math.max(...targets.map(target => target.values.concurrency ?? values.concurrency));
  if (most > 200 && !values.collector) {
    const what = command === 'run' ? 'visits in flight' : 'requests';
    warnings.push(`${most} ${what} at once are a heavy load for many servers`);
  }
  return command === 'run' ? [...warnings, ...unusualRate(values, targets)] : warnings;
}

function unusualRate(values: Settings, targets: readonly LoadedTarget[]): string[] {
  const { rate, visits, stages } = values;
  const own = values.distribution === 'independent' ? targets.map(target => target.values.rate) : [];
  const highest =
    stages === undefined
      ? Math.max(...[rate, ...own].map(each => (typeof each === 'number' ? each : 0)))
      : peakRate(values, 0);
  const inAll = Math.min(
    visits === 0 ? Number.POSITIVE_INFINITY : visits,
    stages === undefined ? Number.POSITIVE_INFINITY : visitsOfStages(stages),
  );
  if (!(visitsPerDay(highest) > 500_000 && inAll > FEW_VISITS) || values.collector) return [];
  const perDay = Math.round(visitsPerDay(highest)).toLocaleString('en');
  const upTo = stages === undefined ? '' : 'up to ';
  return [`${upTo}${perDay} visits a day are a heavy load for many servers`];
}

/** What the times of a run lack. */
function unscheduled(values: Settings): string[] {
  const warnings: string[] = [];
  if (
    values.shard !== undefined &&
    (values.seed === undefined || values.runId === undefined || values.startAt === undefined)
  ) {
    warnings.push('shards are parts of one plan only with the same --seed, --run-id and --start-at');
  }
  return warnings;
}

function unusedMetrics({ metrics }: Settings, settings: readonly Setting[]): string[] {
  if (metrics.listen !== undefined) return [];
  return unusedSetting(
    settings,
    'metrics.linger',
    'nobody can read metrics without metrics.listen (--metrics)',
  );
}

/** What a run is that nobody stops. */
export function endless({ visits, duration, maxVisitsPerDay, stages }: Settings): string[] {
  if (visits > 0 || duration > 0 || maxVisitsPerDay > 0 || stages !== undefined) return [];
  return ['nothing ends this run but Ctrl-C: visits, duration and maxVisitsPerDay are all off'];
}

/** What a run will lack where its target has no token. */
export function missingTokens(values: Settings, targets: readonly LoadedTarget[]): string[] {
  if (values.collector || values.dryRun) return [];
  const poor = targets.filter(
    target => (target.traffic ?? values.traffic).randomizeCountries && target.values.token === undefined,
  );
  if (poor.length === 0) return [];
  const where = targets.length === 1 ? '' : ` on ${poor.map(({ name }) => name).join(', ')}`;
  const variable =
    targets.length === 1 ? 'MATOMO_TOKEN_AUTH, or token-env of --target' : 'token-env of --target';
  return [`without a token (${variable}) all visits${where} come from one country: that of this machine`];
}

function longGaps(values: Settings, targets: readonly LoadedTarget[]): string[] {
  const all = targets.map(target => target.traffic ?? values.traffic);
  const longest = all.find(
    ({ visitMinutes, pageviews }) => (visitMinutes.max * 60) / pageviews.min > LONGEST_GAP_SECONDS,
  );
  if (longest === undefined) return [];
  const { visitMinutes, pageviews } = longest;
  return [
    `a visit of ${visitMinutes.max} minutes and ${pageviews.min} pageviews has gaps of more than ${LONGEST_GAP_SECONDS} s between its hits: ` +
      `they are cut to ${LONGEST_GAP_SECONDS} s, because Matomo begins a new visit after 1800 s`,
  ];
}
