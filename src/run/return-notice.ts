import type { TargetConfig } from '../delivery/target-config.ts';
import { expectedShare } from '../traffic/recurrences.ts';
import { leastGapSeconds } from '../traffic/return-gaps.ts';
import { trafficOf } from './planning.ts';
import { returnLayout, visitsOfLane, zonesAvoided } from './return-layout.ts';
import type { RunConfig } from './run-config.ts';

/** Less than this part of what is asked for is worth a word. */
const NEARLY_ALL = 0.9;

/** What is to be said of targets at which fewer visits will be of visitors who come again than is asked for. */
export function returnNotices(config: RunConfig): string[] {
  const { distribution, targets } = config;
  const ownVisitors = distribution === 'split' || distribution === 'independent';
  return targets.slice(0, ownVisitors ? targets.length : 1).flatMap((target, at) => {
    const asked = trafficOf(config, target).returning?.share ?? 0;
    const layout = returnLayout(config, [at]);
    const reached = layout === undefined ? 0 : expectedShare(layout, visitsOfLane(config, [at]));
    if (reached >= asked * NEARLY_ALL) return [];
    const who = targets.length === 1 || !ownVisitors ? '' : `${target.name}: `;
    return [
      `${who}about ${percent(reached)} of the visits will be of visitors who come again, and ${percent(asked)} are asked for: ${reasonOf(config, target)}`,
    ];
  });
}

function reasonOf(config: RunConfig, target: TargetConfig): string {
  const minutes = Math.ceil(leastGapSeconds(trafficOf(config, target), zonesAvoided(config)) / 60);
  if (config.clock === 'real') {
    return config.visitsPerSecond === 'max'
      ? 'without a rate nothing says when under the real clock'
      : `under the real clock nobody does within ${minutes} minutes, and the run is not much longer`;
  }
  return minutes > 11 * 60
    ? 'visits are so long that two of a visitor have no room in a day'
    : 'there are few visits';
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
