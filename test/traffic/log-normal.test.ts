import { expect, it } from 'vitest';
import { logNormalQuantiles } from '../../src/traffic/log-normal.ts';

it.each([0.3, 0.5, 1])('quantiles stand for all numbers of a spread of %d', spread => {
  const quantiles = logNormalQuantiles(spread);
  const logs = [...quantiles].map(Math.log);
  expect(logs).toEqual(logs.toSorted((one, other) => one - other));
  const middle = logs.length / 2;
  expect(((logs[middle - 1] as number) + (logs[middle] as number)) / 2).toBeCloseTo(0, 2);
  const meanSquare = logs.reduce((sum, log) => sum + log * log, 0) / logs.length;
  expect(Math.sqrt(meanSquare) / spread).toBeCloseTo(1, 2);
  // Half of what lies beyond the last but one is beyond the last: 3.3 standard deviations.
  expect((logs.at(-1) as number) / spread).toBeCloseTo(3.3, 1);
  expect((logs[0] as number) / spread).toBeCloseTo(-3.3, 1);
});
