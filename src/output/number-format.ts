/** Numbers as people read them here: grouped by commas, units after a space, zero in a table a dash. */

import { englishNumbers } from '../base/english-numbers.ts';

const whole = englishNumbers({ maximumFractionDigits: 0 });
const upToOne = englishNumbers({ maximumFractionDigits: 1 });
const one = englishNumbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = englishNumbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const three = englishNumbers({ minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** What a table shows for zero, and where there is no data. */
export const DASH = '–';

/** 28896 → `28,896` */
export function grouped(count: number): string {
  return whole.format(count);
}

/** `28,896`, and a dash for 0: what is there stands out. */
export function countOrDash(count: number): string {
  return count === 0 ? DASH : whole.format(count);
}

/** `1 visit`, `1,234 visits` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** 212993.1 → `212,993.10` */
export function money(amount: number): string {
  return two.format(amount);
}

/**
 * A number a second, without the unit: `481.6`, and more digits for the slow: the lightest preset begins a visit
 * in two minutes (`0.012`).
 */
export function rate(perSecond: number): string {
  if (perSecond < 0.0005) return perSecond > 0 ? '<0.001' : DASH;
  if (perSecond < 0.095) return three.format(perSecond);
  if (perSecond < 0.995) return two.format(perSecond);
  return one.format(perSecond);
}

/** A latency or lateness: `0.4 ms`, `12 ms`, `1.25 s`, `75.0 s`; a dash where there is none. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return DASH;
  if (ms < 9.95) return `${upToOne.format(ms)} ms`;
  if (ms < 999.5) return `${whole.format(ms)} ms`;
  if (ms < 9_995) return `${two.format(ms / 1000)} s`;
  return `${one.format(ms / 1000)} s`;
}

/** What times what: `0.72`, `1.02`, `14.3`, `1,204`. */
export function ratio(times: number): string {
  if (times < 9.995) return two.format(times);
  return times < 99.95 ? one.format(times) : whole.format(times);
}

/** A share of 0 to 1, rounded down, so that 100 % is said of nothing less than all: `58 %` */
export function percent(share: number): string {
  return `${whole.format(Math.floor(share * 100 + 1e-9))} %`;
}

/** Time that goes by, as a clock: `0:35`, `1:02:03`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

/** How long something took: `0.4 s`, `12.3 s`, `1 m 0 s`, `2 h 3 m`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${upToOne.format(seconds)} s`;
  const total = Math.round(seconds);
  if (total < 3600) return `${Math.floor(total / 60)} m ${total % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${whole.format(Math.floor(minutes / 60))} h ${minutes % 60} m`;
}
