import { valueAt } from './nested.ts';
import { isWithin, legacyNumber } from './option.ts';
import { originText } from './origin.ts';
import { visitsPerDay } from './rate.ts';
import type { Settings } from './schema.ts';
import type { Setting } from './setting.ts';
import { settingText } from './setting.ts';
import { scriptUrl } from './tracking-url.ts';

/** What may hold, but rarely is what was meant. */
export function warningsOf(values: Settings, settings: readonly Setting[]): readonly string[] {
  return [...beyondLegacyLimits(values, settings), ...inlineToken(settings), ...unusual(values)];
}

/** What was done to a value so that it could be used. */
export function noticesOf({ target, collector }: Settings): readonly string[] {
  const notices: string[] = [];
  if (collector && target.url !== undefined) notices.push('--collector: target.url is not used');
  if (!collector && target.url !== undefined) {
    const url = scriptUrl(target.url, 'matomo.php');
    const given = new URL(target.url).pathname.replace(/\/+$/, '');
    if (url.pathname !== given) notices.push(`target.url does not end in .php: ${url.href} is used`);
  }
  return notices;
}

/** The limits of legacy variables have reasons; whoever goes beyond them elsewhere should know. */
function beyondLegacyLimits(values: Settings, settings: readonly Setting[]): string[] {
  return settings.flatMap(setting => {
    const { leaf, origin } = setting;
    const { legacy } = leaf.meta;
    // What defaults and shipped presets say was thought about.
    const isOurs = origin.kind === 'default' || (origin.kind === 'preset' && origin.shipped);
    if (legacy === undefined || isOurs) return [];
    const number = legacyNumber(legacy, valueAt(values, leaf.path));
    if (number === undefined || isWithin(legacy, number)) return [];
    const limits = `${legacy.min} to ${legacy.max} of ${legacy.name}`;
    return [`${leaf.path} = ${settingText(setting)} (${originText(origin)}) is beyond the usual ${limits}`];
  });
}

function inlineToken(settings: readonly Setting[]): string[] {
  const token = settings.find(({ leaf }) => leaf.path === 'target.token');
  if (token?.value === undefined || token.variable !== undefined) return [];
  return [
    `the token stands in ${originText(token.origin)}: keep it in a variable and refer to it with tokenEnv`,
  ];
}

function unusual(values: Settings): string[] {
  const { collector, concurrency, rate, visits, duration, maxVisitsPerDay } = values;
  const warnings: string[] = [];
  const hasToken = values.target.token !== undefined || values.collector;
  if (values.traffic.randomizeCountries && !hasToken && !values.dryRun) {
    warnings.push(
      'without a token (MATOMO_TOKEN_AUTH) all visits come from one country: that of this machine',
    );
  }
  if (concurrency > 200 && !values.collector) {
    warnings.push(`${concurrency} visits in flight at once are a heavy load for many servers`);
  }
  if (rate !== 'max' && visitsPerDay(rate) > 500_000 && !values.collector) {
    const perDay = visitsPerDay(rate).toLocaleString('en');
    warnings.push(`${perDay} visits a day are a heavy load for many servers`);
  }
  if (visits === 0 && duration === 0 && maxVisitsPerDay === 0) {
    warnings.push('nothing ends this run but Ctrl-C: visits, duration and maxVisitsPerDay are all off');
  }
  return warnings;
}
