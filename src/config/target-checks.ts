import type { SettingByPath } from './checks.ts';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { ListedTarget } from './target-list.ts';
import { checkFeatureRanges } from './target-traffic.ts';
import { scriptUrl, urlProblem } from './tracking-url.ts';

/** What must hold between targets, and between them and the run. */
export function checkTargets(
  targets: readonly ListedTarget[],
  setting: SettingByPath,
  needs: { readonly url: boolean },
): readonly Problem[] {
  return [
    ...(needs.url ? missingUrls(targets) : []),
    ...sameNames(targets),
    ...(setting('allowSameSite').value === true || setting('collector').value === true
      ? []
      : sameSites(targets)),
    ...targets.flatMap(({ label, entries }) => checkFeatureRanges(setting, entries, label)),
    ...checkDistribution(targets, setting),
  ];
}

function missingUrls(targets: readonly ListedTarget[]): Problem[] {
  return targets.flatMap(({ label, name, entries, origin, urlVariable }) => {
    if (entries.has('url')) return [];
    if (label === 'target') {
      const rule = 'is missing: give --url or MATOMO_URL (run --collector needs no server)';
      return [{ path: 'target.url', rule, from: 'target' }];
    }
    const rule =
      urlVariable === undefined ? `of ${name} is missing` : `of ${name} is missing: set ${urlVariable}`;
    return [{ path: `${label}.url`, rule, from: originText(origin ?? { kind: 'default' }) }];
  });
}

/** Those of one list are told when it is read, too: the same text is told once. */
function sameNames(targets: readonly ListedTarget[]): Problem[] {
  return targets.flatMap(({ label, name, entries }, at) => {
    const first = targets.findIndex(other => other.name === name);
    const entry = entries.get('name');
    if (first === at || entry === undefined) return [];
    const rule = `is also the name of ${targets[first]?.label}`;
    return [{ path: `${label}.name`, value: name, rule, from: originText(entry.origin) }];
  });
}

function sameSites(targets: readonly ListedTarget[]): Problem[] {
  const seen = new Map<string, ListedTarget>();
  return targets.flatMap(target => {
    const site = siteOf(target);
    if (site === undefined) return [];
    const other = seen.get(site.key);
    if (other === undefined) {
      seen.set(site.key, target);
      return [];
    }
    const rule = `is site ${site.id} of the same server as ${other.label} (${other.name}): say allowSameSite: true if that is meant`;
    const from = originText(target.entries.get('url')?.origin ?? { kind: 'default' });
    return [{ path: `${target.label}.url`, value: site.url, rule, from }];
  });
}

/** matomo.php and piwik.php of a server are the same, with whatever slashes and in whatever case its name is written. */
function siteOf({ entries }: ListedTarget): { key: string; id: unknown; url: string } | undefined {
  const url = entries.get('url')?.value;
  if (typeof url !== 'string' || urlProblem(url) !== undefined) return undefined;
  const id = entries.get('siteId')?.value ?? 1;
  const script = scriptUrl(url, 'matomo.php').href.replace(/\/(?:js\/)?(?:matomo|piwik)\.php$/, '/');
  return { key: `${script} ${id}`, id, url };
}

/** What a distribution cannot do. */
function checkDistribution(targets: readonly ListedTarget[], setting: SettingByPath): Problem[] {
  const distribution = setting('distribution').value;
  const whenDown = setting('whenDown');
  const rate = setting('rate');
  const problems: Problem[] = [];
  if (whenDown.value === 'reroute' && (distribution === 'mirror' || distribution === 'independent')) {
    const rule = `is not possible with distribution ${distribution}: ${
      distribution === 'mirror' ? 'every target has all visits already' : 'every target has visits of its own'
    }`;
    problems.push({ path: 'whenDown', value: 'reroute', rule, from: originText(whenDown.origin) });
  }
  if (distribution === 'failover' && rate.value === 'max') {
    const rule =
      'is not possible with distribution failover: visits need a time at which a target is up or down';
    problems.push({ path: 'rate', value: 'max', rule, from: originText(rate.origin) });
  }
  if (distribution === 'split' && whenDown.value === 'reroute' && rate.value === 'max') {
    const rule = 'is not possible with whenDown reroute: visits need a time at which a target is up or down';
    problems.push({ path: 'rate', value: 'max', rule, from: originText(rate.origin) });
  }
  if (distribution === 'mirror') {
    problems.push(...targets.flatMap(target => differentFeatures(target, setting)));
  }
  return problems;
}

/** Under `mirror` all targets get the same visits. To say the run's own value is no difference. */
function differentFeatures({ label, entries }: ListedTarget, setting: SettingByPath): Problem[] {
  return [...entries.values()].flatMap((entry: Entry) => {
    const [, key] = /^features\.(.+)$/.exec(entry.path) ?? [];
    if (key === undefined) return [];
    const ofRun = setting(`traffic.${key}`).value;
    if (JSON.stringify(ofRun) === JSON.stringify(entry.value)) return [];
    const rule = `differs from traffic.${key}, and with distribution mirror all targets get the same visits`;
    const from = originText(entry.origin);
    return [{ path: `${label}.${entry.path}`, value: entry.value, rule, from }];
  });
}
