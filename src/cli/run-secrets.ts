import { isCredential } from '../config/secrets.ts';
import type { RunConfig } from '../run/run-config.ts';

/** A shorter value of a header that is not known to be one lets nobody in. */
const SHORTEST_KEY = 8;

/**
 * What no output may show: tokens, and the headers that let their sender in.
 *
 * @param pushHeaders of the receiver of metrics: any may be its key, whatever its name
 */
export function secretsOf(
  { targets }: Pick<RunConfig, 'targets'>,
  pushHeaders: Readonly<Record<string, string>> = {},
): string[] {
  const keys = Object.entries(pushHeaders).flatMap(([name, value]) =>
    isCredential(name) || value.length >= SHORTEST_KEY ? [value, ...schemeless(value)] : [],
  );
  const ofTargets = targets.flatMap(({ token, apiToken, headers = {} }) => [
    ...[token, apiToken].filter(secret => secret !== undefined),
    ...Object.entries(headers).flatMap(([name, value]) => (isCredential(name) ? [value] : [])),
  ]);
  return [...ofTargets, ...keys];
}

/** `abc` of `Bearer abc`: servers repeat it alone. */
function schemeless(value: string): string[] {
  const [, credentials] = /^(?:basic|bearer|token|api-token|apikey)\s+(\S+)$/i.exec(value) ?? [];
  return credentials === undefined ? [] : [credentials];
}
