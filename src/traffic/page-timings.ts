import type { Random } from '../base/random.ts';
import type { DeviceType } from './browser-profiles.ts';
import { logNormalQuantiles } from './log-normal.ts';
import type { PageTimingSettings } from './settings.ts';

/** How long the parts of loading a page took: whole milliseconds. */
export interface PageTimings {
  readonly network: number;
  readonly server: number;
  readonly transfer: number;
  readonly domProcessing: number;
  readonly domCompletion: number;
  readonly onLoad: number;
}

/** Medians on a computer, in ms. */
const medians: PageTimings = {
  network: 45,
  server: 180,
  transfer: 35,
  domProcessing: 320,
  domCompletion: 260,
  onLoad: 12,
};

/** How much longer it takes than on a computer. The server is as quick for all. */
const slowness: Readonly<Record<DeviceType, number>> = { desktop: 1, tablet: 1.4, smartphone: 1.9 };

/** Of the logarithms: one page in a hundred takes four times as long as half of them. */
const spread = logNormalQuantiles(0.6);

/** A person does not wait longer. Matomo leaves out what is above 16,777,215 [plugins/PagePerformance/Columns/Base.php]. */
const LONGEST_MS = 120_000;

/** Draws how long a page took; the same number of random numbers for any device and scale. */
export function drawTimings(
  random: Random,
  device: DeviceType,
  { scale }: Pick<PageTimingSettings, 'scale'>,
): PageTimings {
  const slower = slowness[device] * scale;
  return {
    network: drawMs(random, medians.network * slower),
    server: drawMs(random, medians.server * scale),
    transfer: drawMs(random, medians.transfer * slower),
    domProcessing: drawMs(random, medians.domProcessing * slower),
    domCompletion: drawMs(random, medians.domCompletion * slower),
    onLoad: drawMs(random, medians.onLoad * slower),
  };
}

function drawMs(random: Random, medianMs: number): number {
  const drawn = medianMs * (spread[random.integer(0, spread.length - 1)] as number);
  return Math.min(Math.max(Math.round(drawn), 1), LONGEST_MS);
}
