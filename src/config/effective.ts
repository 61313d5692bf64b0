import type { TargetConfig } from '../delivery/target-config.ts';
import { withoutDefaults } from './funnel-export.ts';
import type { FunnelSource } from './funnel-source.ts';
import type { LoadedConfig, LoadedTarget } from './load.ts';
import { nested } from './nested.ts';
import { settingsTree } from './option-tree.ts';
import { isSaid } from './setting.ts';

/** What is drawn where nobody said it. */
export interface Drawn {
  readonly seed: number;
  readonly runId: string;
}

/**
 * Every value as a file would say it, so that the same can be planned again: secrets by the names of their
 * variables, null for those that have none.
 */
export function effectiveOf(
  { values, settings, targets: loaded, pages, events, funnels }: LoadedConfig,
  { seed, runId }: Drawn,
  targets: readonly TargetConfig[],
): Readonly<Record<string, unknown>> {
  const ofFiles = settings.filter(({ leaf }) => settingsTree.keys.has(leaf.path.split('.')[0] ?? ''));
  const told = targets.map((target, at) => targetOf(target, loaded[at]));
  const [only] = loaded[0]?.label === 'target' ? told : [];
  return {
    ...nested([
      ...ofFiles.map(({ leaf, value }) => [leaf.path, leaf.meta.secret ? null : (value ?? null)] as const),
      ['seed', seed],
      ['runId', runId],
      // No file can say it: the collector ends with the run, so that nobody can ask it later.
      ...(values.collector ? [['collector', true] as const] : []),
      // Of one target it is that of the run too, as reports have it; several say their own.
      ...(only === undefined ? [] : [['connections', targets[0]?.connections] as const]),
      [
        'pages',
        pages.file === undefined
          ? null
          : { file: pages.file, sha256: pages.sha256, pages: pages.pages.length },
      ],
      // Written out, so that a change of their files changes nothing of what was planned.
      ['events', events.lists ?? null],
      ['funnels', writtenOut(funnels)],
      ...(funnels.files.length === 0 ? [] : [['funnelFiles', funnels.files] as const]),
    ]),
    ...(only === undefined ? { targets: told } : { target: only }),
  };
}

function writtenOut({ funnels }: FunnelSource): unknown {
  return funnels.map(({ definition }) => withoutDefaults(definition));
}

function targetOf(target: TargetConfig, loaded: LoadedTarget | undefined): Record<string, unknown> {
  const said = (loaded?.settings ?? []).filter(
    setting =>
      isSaid(setting) &&
      setting.leaf.meta.secret === undefined &&
      // What is for the configured server is not for a collector in its place.
      (target.tls !== undefined || !setting.leaf.path.startsWith('tls.')),
  );
  const headers = loaded?.settings.find(({ leaf }) => leaf.path === 'headers')?.template;
  return nested([
    ...said.map(({ leaf, value }) => [leaf.path, value] as const),
    ...(loaded?.label === 'target' ? [] : [['connections', target.connections] as const]),
    ['name', target.name],
    ['url', target.url.href],
    ['apiUrl', target.apiUrl.href],
    ['siteId', target.siteId],
    ['tokenEnv', target.tokenEnv ?? null],
    ...(target.apiToken === undefined ? [] : [['apiTokenEnv', target.apiTokenEnv ?? null] as const]),
    ['timezone', target.timezone ?? null],
    ...(loaded?.funnels === undefined ? [] : [['features.funnels', writtenOut(loaded.funnels)] as const]),
    ...(headers === undefined || target.headers === undefined ? [] : [['headers', headers] as const]),
  ]);
}
