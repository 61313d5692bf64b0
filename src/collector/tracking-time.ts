import { isNumeric } from './loose-values.ts';

const dateAndTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const timeOnly = /^T?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$/i;
const relative = /^([+-]?)\s*(\d+)\s*(sec|second|min|minute|hour|day|week)s?(\s+ago)?$/i;
const unitSeconds = { sec: 1, second: 1, min: 60, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
const daySeconds = 86_400;

/**
 * The epoch second a text names, or undefined where it names none. The texts clients send are read (a day, a day
 * and a time, ISO 8601, `@` and a number, `yesterday`, `2 hours ago`), in UTC as the server is set up.
 *
 * @param text what `cdt` holds
 * @param now the server's epoch second
 */
export function epochSecondOf(text: string, now: number): number | undefined {
  if (isNumeric(text)) return Number(text);
  const trimmed = text.trim();
  const date = dateAndTime.exec(trimmed);
  if (date) return fromCalendar(date);
  const midnight = now - (now % daySeconds);
  const time = timeOnly.exec(trimmed);
  if (time) return midnight + Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3] ?? 0);
  if (/^@-?\d+$/.test(trimmed)) return Number(trimmed.slice(1));
  switch (trimmed.toLowerCase()) {
    case 'now':
      return now;
    case 'today':
    case 'midnight':
      return midnight;
    case 'yesterday':
      return midnight - daySeconds;
    case 'tomorrow':
      return midnight + daySeconds;
  }
  const distance = relative.exec(trimmed);
  if (!distance) return undefined;
  const seconds = Number(distance[2]) * secondsOf(distance[3] ?? '');
  return now + ((distance[1] === '-') !== (distance[4] !== undefined) ? -seconds : seconds);
}

function secondsOf(unit: string): number {
  const name = unit.toLowerCase();
  return name in unitSeconds ? unitSeconds[name as keyof typeof unitSeconds] : 0;
}

function fromCalendar(parts: RegExpExecArray): number | undefined {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(part => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (month < 1 || month > 12 || day > 31 || (hour ?? 0) > 24 || (minute ?? 0) > 59 || (second ?? 0) > 59)
    return undefined;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(parts[7] ?? '');
  if (!zone) return utc;
  const offset = Number(zone[2]) * 3600 + Number(zone[3]) * 60;
  return zone[1] === '-' ? utc + offset : utc - offset;
}
