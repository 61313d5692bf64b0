import * as z from 'zod';

/** Positions of a target's plan; both belong. */
const range = z.tuple([z.int().min(0), z.int().min(0)]);
const positions = z.array(z.int().min(0));
const text = z.string();
const epochMs = z.number();

const journalHeader = z.object({
  /** Of the file's form. */
  journal: z.literal(1),
  /** Of the program: another may plan another way. */
  version: text,
  /** What the visits follow from, besides what stands here. */
  plan: text,
  runId: text,
  seed: z.int(),
  tag: text,
  startEpochMs: epochMs,
  window: z.object({
    firstDay: text,
    lastDay: text,
    visitsPerDay: z.number(),
    maxVisits: z.number().exactOptional(),
    growthPerWeek: z.number(),
  }),
  targets: z.array(
    z.object({
      name: text,
      url: text,
      siteId: z.int(),
      timezone: text,
      clockShiftSeconds: z.number(),
      latestEpochSeconds: z.number(),
    }),
  ),
  /** As in effect, without secrets. */
  config: z.record(text, z.unknown()),
});

/** The first line: all that the plan depends on and that may be another at the next start. */
export type JournalHeader = z.output<typeof journalHeader>;

/** Visits are about to be sent, and are on the disk as such before their first byte is on its way. */
const sent = z.object({ sent: range, to: text, at: epochMs });

const outcome = z.enum(['accepted', 'rejected', 'failed', 'unknown', 'skipped']);
const hitRecord = z.union([
  z.tuple([z.int().min(0), z.int().min(0), outcome]),
  z.tuple([z.int().min(0), z.int().min(0), outcome, z.literal(true)]),
]);

/** A hit that was not surely accepted. */
export type HitRecord = z.output<typeof hitRecord>;

/** What became of visits that were sent: recorded, but for those that are named. */
const done = z.object({
  done: range,
  to: text,
  at: epochMs,
  /** Surely not recorded: to be sent once more. */
  again: positions.optional(),
  /** Refused by the server, with all or some of their hits. */
  refused: positions.optional(),
  partial: positions.optional(),
  /** Of those two, what became of the hits that were not surely accepted: position, hit, outcome, and whether that is in doubt. */
  hits: z.array(hitRecord).optional(),
  /** The server was asked, because no answer had come. */
  asked: z.literal(true).optional(),
});

/** A request went out once more, or the journal was gone on with: what was under way may end so much later. */
const alive = z.object({ alive: epochMs });

/** All visits have been sent. */
const finished = z.object({ finished: epochMs });

export type SentRecord = z.output<typeof sent>;
export type DoneRecord = z.output<typeof done>;
export type JournalRecord = SentRecord | DoneRecord | z.output<typeof alive> | z.output<typeof finished>;

const record = z.union([sent, done, alive, finished]);

export function parseHeader(line: string): JournalHeader | undefined {
  return journalHeader.safeParse(jsonOf(line)).data;
}

export function parseRecord(line: string): JournalRecord | undefined {
  return record.safeParse(jsonOf(line)).data;
}

/** Of a journal that another version may have written. */
export function versionOf(line: string): string | undefined {
  return z.object({ journal: z.number(), version: text }).safeParse(jsonOf(line)).data?.version;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
