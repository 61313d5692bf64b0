import { serverLagSeconds } from '../delivery/clock-difference.ts';
import { type Finding, finding } from './finding.ts';

const FAR_SECONDS = 3600;

/** @param differenceSeconds how far the server is behind; negative: ahead */
export function clockFindings(differenceSeconds: number | null): Finding[] {
  if (differenceSeconds === null) return [];
  const size = Math.abs(differenceSeconds);
  const where = differenceSeconds > 0 ? 'behind' : 'ahead of';
  if (size > FAR_SECONDS) {
    const hours = (size / FAR_SECONDS).toFixed(1);
    return [finding('CLOCK_FAR_OFF', `the server's clock is ${hours} h ${where} ours`)];
  }
  const lag = serverLagSeconds(differenceSeconds);
  if (lag === 0) return [];
  return [finding('CLOCK_BEHIND', `the server's clock is ${lag} s behind: visits are dated so much earlier`)];
}
