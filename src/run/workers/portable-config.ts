import type { TargetConfig } from '../../delivery/target-config.ts';
import type { RunConfig } from '../run-config.ts';

/** A configuration as threads get it: `URL`s are texts, and what only the report says of it is left out. */
export type PortableConfig = Omit<RunConfig, 'targets' | 'effective'> & {
  readonly targets: readonly PortableTarget[];
};

type PortableTarget = Omit<TargetConfig, 'url' | 'apiUrl'> & {
  readonly url: string;
  readonly apiUrl: string;
};

export function portableConfig({ effective: _, targets, ...config }: RunConfig): PortableConfig {
  return {
    ...config,
    targets: targets.map(target => ({ ...target, url: target.url.href, apiUrl: target.apiUrl.href })),
  };
}

/** The part of a plan that a thread runs. @param number from 0 */
export function configOfThread(
  { targets, ...config }: PortableConfig,
  number: number,
  count: number,
): RunConfig {
  return {
    ...config,
    effective: {},
    shard: { ...(config.shard ?? { number: 1, count: 1 }), thread: { number, count } },
    targets: targets.map(target => ({
      ...target,
      url: new URL(target.url),
      apiUrl: new URL(target.apiUrl),
    })),
  };
}

/** A thread's share of a limit: shares add up to it, and none is 0 where it is not below their number. */
export function shareOf(limit: number, number: number, count: number): number {
  return Math.floor(limit / count) + (number < limit % count ? 1 : 0);
}
