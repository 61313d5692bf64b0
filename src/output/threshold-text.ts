import type { ThresholdResult } from '../run/report.ts';

/** The value that a threshold was held against. */
export function resultText({ value }: ThresholdResult): string {
  return value === null ? 'no data' : String(value);
}
