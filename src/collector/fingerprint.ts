import type { Device } from './device.ts';
import type { RequestParameters } from './request-parameters.ts';

/** Browser plug-ins a hit can name, in the order the log keeps them. */
export const pluginParameters = ['fla', 'java', 'qt', 'realp', 'pdf', 'wma', 'ag', 'cookie'] as const;

/** What tells one visitor without an id from another. */
export interface FingerprintParts {
  siteId: number;
  /** The day on the site's calendar: fingerprints are salted anew each day. */
  siteDay: number;
  device: Device;
  /** The full address: what the log keeps is masked only after this. */
  address: string;
  language: string;
  plugins: readonly number[];
}

/**
 * The visitor's fingerprint. Screen size is no part of it [core/Tracker/Settings.php: getConfigHash].
 * Matomo keeps a hash of this text; nothing here needs it to be short.
 */
export function fingerprint({
  siteId,
  siteDay,
  device,
  address,
  language,
  plugins,
}: FingerprintParts): string {
  const browser = device.isBrowser ? `${device.client}${device.clientVersion}` : 'UNK';
  return [siteId, siteDay, device.os, browser, plugins.join(''), address, language].join('|');
}

/** Which plug-ins a hit names, 1 or 0 each. */
export function pluginsOf(parameters: RequestParameters): number[] {
  return pluginParameters.map(name => parameters.whole(name, 0));
}
