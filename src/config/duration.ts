const secondsIn = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 } as const;

const part = String.raw`(\d+(?:\.\d+)?)(ms|s|min|m|h|d)`;

/** `90s`, `10m`, `1h30m`, `500ms`, `2d`, or a number of seconds. */
export const durationPattern = new RegExp(String.raw`^(?:\d+(?:\.\d+)?|(?:${part})+)$`);

/** Seconds of a text that matches `durationPattern`. */
export function parseDuration(text: string): number {
  const plain = Number(text);
  if (!Number.isNaN(plain)) return plain;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(new RegExp(part, 'g'))) {
    seconds += Number(amount) * (secondsIn[unit as keyof typeof secondsIn] ?? 0);
  }
  return seconds;
}
