/** A row of `fullVersionList`. */
export interface Brand {
  readonly brand: string;
  readonly version: string;
}

/**
 * The brand list of a Chromium release, in its order and with the made-up brand that belongs to its number
 * [Chromium: components/embedder_support/user_agent_utils.cc].
 */
export function brandList(major: number, brand: string, build: string, chromiumBuild: string): Brand[] {
  const fillers = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_'];
  const first = fillers[major % fillers.length];
  const second = fillers[(major + 1) % fillers.length];
  const madeUp = {
    brand: `Not${first}A${second}Brand`,
    version: ['8.0.0.0', '99.0.0.0', '24.0.0.0'][major % 3] ?? '',
  };
  const chromium = { brand: 'Chromium', version: chromiumBuild };
  const own = { brand, version: build };
  const orders = [
    [madeUp, chromium, own],
    [madeUp, own, chromium],
    [chromium, madeUp, own],
    [own, madeUp, chromium],
    [chromium, own, madeUp],
    [own, chromium, madeUp],
  ];
  return orders[major % orders.length] ?? [];
}

/** matomo.js sends what the browser answers but `brands` and `uaFullVersion`; browsers sort the keys. */
export function clientHints(
  fullVersionList: readonly Brand[],
  device: {
    formFactor: 'Desktop' | 'Mobile' | 'Tablet';
    platform: string;
    platformVersion: string;
    model?: string;
  },
): string {
  return JSON.stringify({
    formFactors: [device.formFactor],
    fullVersionList,
    mobile: device.formFactor === 'Mobile',
    model: device.model ?? '',
    platform: device.platform,
    platformVersion: device.platformVersion,
  });
}
