import { epochSecondsOf } from './local-time.ts';

/** The first second of a local day, in UTC; days on which clocks change are in it, and days beside them. */
export interface Midnight {
  readonly zone: string;
  readonly epochSeconds: number;
  readonly why: string;
}

const rows: readonly (readonly [zone: string, instant: string, why: string])[] = [
  ['UTC', '2026-03-29T00:00:00Z', 'an ordinary day'],
  ['UTC', '2027-01-01T00:00:00Z', 'a new year'],
  ['CET', '2026-07-01T22:00:00Z', 'summer'],
  ['CET', '2026-12-31T23:00:00Z', 'winter and a new year'],
  ['Europe/Stockholm', '2026-03-28T23:00:00Z', 'a day of 23 hours begins'],
  ['Europe/Stockholm', '2026-03-29T22:00:00Z', 'a day of 23 hours ends'],
  ['Europe/Stockholm', '2026-10-24T22:00:00Z', 'a day of 25 hours begins'],
  ['Europe/Stockholm', '2026-10-25T23:00:00Z', 'a day of 25 hours ends'],
  ['America/Santiago', '2026-09-06T04:00:00Z', 'clocks go from 23:59:59 to 01:00'],
  ['America/Santiago', '2026-09-07T03:00:00Z', 'a day of 23 hours without a 00:00 ends'],
  ['America/Santiago', '2026-04-05T04:00:00Z', 'clocks go from 23:59:59 back to 23:00 once'],
  ['Asia/Kathmandu', '2026-05-04T18:15:00Z', 'a quarter of an hour from others'],
  ['Pacific/Apia', '2026-05-04T11:00:00Z', 'first of all'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z', 'a whole day left out'],
  ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', 'a day of 24½ hours begins'],
  ['Australia/Lord_Howe', '2026-04-05T13:30:00Z', 'a day of 24½ hours ends'],
  ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', 'a day of 23½ hours begins'],
];

export const midnights: readonly Midnight[] = rows.map(([zone, instant, why]) => ({
  zone,
  epochSeconds: epochSecondsOf(instant),
  why,
}));
