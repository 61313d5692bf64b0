import { isCredential } from '../config/secrets.ts';
import type { RunConfig } from '../run/run-config.ts';

/** What no output may show: tokens, and the headers that let their sender in. */
export function secretsOf({ targets }: Pick<RunConfig, 'targets'>): string[] {
  return targets.flatMap(({ token, apiToken, headers = {} }) => [
    ...[token, apiToken].filter(secret => secret !== undefined),
    ...Object.entries(headers).flatMap(([name, value]) => (isCredential(name) ? [value] : [])),
  ]);
}
