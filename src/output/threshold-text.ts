import type { ThresholdResult } from '../run/report.ts';

/** Why a threshold failed, as a sentence. */
export function thresholdText({ value }: ThresholdResult): string {
  return value === null ? 'there is no data, which is a failure' : `the value was ${value}`;
}
