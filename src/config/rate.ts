const secondsPer = { s: 1, min: 60, h: 3600, day: 86_400 } as const;

/** `50000/day`, `600/h`, `100/min`, `10/s`, or `max`. */
export const ratePattern = /^(?:max|(\d+(?:\.\d+)?)\s*\/\s*(s|min|h|day))$/;

/** Visits a second of a text that matches `ratePattern`. */
export function parseRate(text: string): number | 'max' {
  const [, amount, unit] = ratePattern.exec(text) ?? [];
  if (amount === undefined) return 'max';
  return Number(amount) / secondsPer[unit as keyof typeof secondsPer];
}

/** Free of the rounding that a division and a multiplication leave behind: 20000/day is 20000 a day. */
export function visitsPerDay(visitsPerSecond: number): number {
  return Number((visitsPerSecond * 86_400).toPrecision(12));
}
