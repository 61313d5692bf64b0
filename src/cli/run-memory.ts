import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { TargetConfig } from '../delivery/target-config.ts';
import { whyUnwritable, writeAtomically } from '../output/write-atomically.ts';
import type { Output } from '../run/output.ts';
import { runIdentity, userIdPrefix } from '../traffic/identity.ts';
import type { KnownRun } from '../validation/todays-visits.ts';
import type { Context } from './context.ts';

/** What is remembered of runs from this machine, so that their visits are known on a site, and what a person said of a site. */
export interface RunMemory {
  /** That have sent to this site of this server. */
  runsSentTo(target: TargetConfig): readonly KnownRun[];
  /** A person has said that its statistics may be filled. */
  isConfirmed(target: TargetConfig): boolean;
  rememberRun(run: KnownRun, targets: readonly TargetConfig[]): Promise<void>;
  confirm(target: TargetConfig): Promise<void>;
}

/** Older ones are forgotten: nobody runs more often in a day. */
const MOST_KEPT = 1000;
/** The file is written anew when it has more lines. */
const MOST_LINES = 2 * MOST_KEPT;

const placeSchema = z.object({ server: z.string(), siteId: z.number(), at: z.string() });
const entrySchema = z.discriminatedUnion('what', [
  placeSchema.extend({ what: z.literal('run'), tag: z.string(), userIdPrefix: z.string().optional() }),
  placeSchema.extend({ what: z.literal('confirmed') }),
]);
type Entry = z.output<typeof entrySchema>;

/** A run's visits are known as ours as soon as the first of them can be on a site. */
export function remembering(memory: RunMemory | undefined, targets: readonly TargetConfig[]): Output[] {
  if (memory === undefined) return [];
  return [
    {
      start({ tag, runId, startEpochMs }) {
        const prefix = userIdPrefix(runIdentity(runId, startEpochMs));
        void memory.rememberRun({ tag, userIdPrefix: prefix }, targets);
      },
    },
  ];
}

/**
 * Reads what is remembered: a JSON line each, only ever appended, so that runs that begin at once need no lock. Lines
 * that cannot be read count as not there, and a person is told so.
 *
 * @param warn called at most once
 */
export async function openRunMemory(
  { env, platform }: Pick<Context, 'env' | 'platform'>,
  warn: (message: string) => void,
): Promise<RunMemory> {
  const path = memoryPath(env, platform);
  let hasWarned = false;
  const warnOnce = (message: string) => {
    if (!hasWarned) warn(`${message}: whose visits are on a site is not remembered`);
    hasWarned = true;
  };
  const read = async (): Promise<readonly Entry[]> => {
    if (path === undefined) return [];
    try {
      const lines = (await readFile(path, 'utf8')).split('\n').filter(line => line !== '');
      const entries = lines.flatMap(line => entryOf(line) ?? []);
      if (entries.length < lines.length) warnOnce(`cannot read all of ${path}`);
      return entries;
    } catch (error) {
      if (!isMissing(error)) warnOnce(`cannot read ${path}`);
      return [];
    }
  };
  let memory = (await read()).slice(-MOST_LINES);
  const add = async (entries: readonly Entry[]): Promise<void> => {
    memory = [...memory, ...entries];
    if (path === undefined) return;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await appendFile(path, linesOf(entries));
      const all = await read();
      if (all.length > MOST_LINES) await writeAtomically(path, linesOf(all.slice(-MOST_KEPT)));
    } catch (error) {
      warnOnce(`cannot write ${path} (${whyUnwritable(error, path)})`);
    }
  };
  const isConfirmed = (target: TargetConfig) =>
    memory.some(entry => entry.what === 'confirmed' && isOf(entry, target));
  return {
    runsSentTo: target => memory.filter(entry => entry.what === 'run').filter(run => isOf(run, target)),
    isConfirmed,
    rememberRun: (run, targets) =>
      add(targets.map(target => ({ what: 'run', ...placeOf(target), ...run }) as const)),
    async confirm(target) {
      if (!isConfirmed(target)) await add([{ what: 'confirmed', ...placeOf(target) }]);
    },
  };
}

/** Undefined where the line is none of ours. */
function entryOf(line: string): Entry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function linesOf(entries: readonly Entry[]): string {
  return entries.map(entry => `${JSON.stringify(entry)}\n`).join('');
}

/** Undefined where the user has no folder. */
function memoryPath(env: Context['env'], platform: NodeJS.Platform): string | undefined {
  const { HOME: home } = env;
  const folders: Readonly<Partial<Record<NodeJS.Platform, string | undefined>>> = {
    darwin: home && join(home, 'Library', 'Application Support'),
    win32: env.LOCALAPPDATA,
  };
  const folder = env.XDG_STATE_HOME || (folders[platform] ?? (home && join(home, '.local', 'state')));
  return folder ? join(folder, 'trafficinator', 'runs.ndjson') : undefined;
}

/** One server has several tracking scripts: `matomo.php`, `piwik.php`, `js/`. */
function placeOf({ url, siteId }: TargetConfig): z.output<typeof placeSchema> {
  const server = url.origin + url.pathname.replace(/(?:js\/)?[^/]*$/, '');
  return { server, siteId, at: new Date().toISOString() };
}

function isOf(place: { readonly server: string; readonly siteId: number }, target: TargetConfig): boolean {
  const { server, siteId } = placeOf(target);
  return place.server === server && place.siteId === siteId;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
