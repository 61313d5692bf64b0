import type { Report } from '../run/report.ts';

/** A key of the configuration that the runs say otherwise, as JSON; null: it is not said. */
export interface DifferingKey {
  readonly key: string;
  readonly first: string | null;
  readonly second: string | null;
}

/** Keys that say nothing about the traffic: names, files, and where a result goes. Servers are what is compared. */
const aside = new Set([
  'description',
  'runId',
  'startAt',
  'preset',
  'autoStart',
  'startSignalFile',
  'startCheckInterval',
  'drainTimeout',
  'verify',
  'wait',
  'strict',
  'report',
  'html',
  'junit',
  'series',
  'hits',
  'metrics',
  'threshold',
  'thresholds',
  'logLevel',
  'logFormat',
  'pages.file',
  'funnelFiles',
  'collector',
]);

/** Of a target: who it is. Its transport, its cap and its features shape the traffic as the run's do. */
const asideOfTarget = new Set([
  'name',
  'url',
  'apiUrl',
  'siteId',
  'tokenEnv',
  'apiTokenEnv',
  'testSite',
  'headers',
  'tls',
]);

/** What was configured otherwise and changes the traffic, in the order of the configuration. */
export function differingKeys(first: Report, second: Report): DifferingKey[] {
  const [one, other] = [flat(first.config), flat(second.config)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap(key => {
    const [mine, theirs] = [one.get(key) ?? null, other.get(key) ?? null];
    return mine === theirs || isAside(key) ? [] : [{ key, first: mine, second: theirs }];
  });
}

function isAside(key: string): boolean {
  const [first = '', second = ''] = key.split('.');
  if (first === 'target') return asideOfTarget.has(second);
  return aside.has(first) || aside.has(`${first}.${second}`);
}

/** By path. Lists are values: a list of targets differs as a whole, but for who they are. */
function flat(config: Report['config']): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    } else if (value !== null && value !== undefined) {
      found.set(path, JSON.stringify(path === 'targets' ? anonymous(value) : value));
    }
  };
  walk(config, '');
  return found;
}

function anonymous(targets: unknown): unknown {
  if (!Array.isArray(targets)) return targets;
  return targets.map((target: unknown) =>
    typeof target === 'object' && target !== null
      ? Object.fromEntries(Object.entries(target).filter(([key]) => !asideOfTarget.has(key)))
      : target,
  );
}

interface Told {
  readonly file: string;
  readonly report: Report;
}

/** A run that took this much longer met other things. */
const MUCH_LONGER = 1.1;

/** Why a difference between them may be none between the servers. */
export function reasonsForDoubt(first: Told, second: Told): string[] {
  const [one, other] = [first.report, second.report];
  const reasons: string[] = [];
  if (first.report.run.id === second.report.run.id && one.run.startedAt === other.run.startedAt) {
    reasons.push('both are the report of the same run');
  }
  if (one.run.command !== other.run.command) {
    reasons.push(`${first.file} is of ${one.run.command}, and ${second.file} of ${other.run.command}`);
  }
  const lengths = [one.run.durationSeconds, other.run.durationSeconds];
  if (Math.max(...lengths) > Math.min(...lengths) * MUCH_LONGER) {
    reasons.push(`one took ${lengths[0]} s and the other ${lengths[1]} s`);
  }
  for (const { file, report } of [first, second]) {
    if (report.run.stoppedBy === 'signal') reasons.push(`${file} was interrupted`);
    const lost = report.targets.filter(({ health }) => health.outages > 0 || health.state === 'refused');
    if (lost.length > 0) reasons.push(`${file} lost ${lost.map(({ name }) => name).join(', ')} for a while`);
    reasons.push(...report.generator.warnings.map(warning => `${file}: ${warning}`));
  }
  return reasons;
}
