import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { TargetConfig } from '../delivery/target-config.ts';
import { whyUnwritable, writeAtomically } from '../output/write-atomically.ts';
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

const placeSchema = z.object({ server: z.string(), siteId: z.number(), at: z.string() });
const memorySchema = z.object({
  schemaVersion: z.literal(1),
  runs: z.array(placeSchema.extend({ tag: z.string(), userIdPrefix: z.string().optional() })),
  confirmed: z.array(placeSchema),
});
type Memory = z.output<typeof memorySchema>;

const nothing: Memory = { schemaVersion: 1, runs: [], confirmed: [] };

/**
 * Reads what is remembered. A file that cannot be read or written is as if empty, and a person is told so.
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
  const read = async (): Promise<Memory> => {
    if (path === undefined) return nothing;
    try {
      return memorySchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      if (!isMissing(error)) warnOnce(`cannot read ${path}`);
      return nothing;
    }
  };
  let memory = await read();
  /** What other processes write meanwhile stays. */
  const change = async (changed: (current: Memory) => Memory): Promise<void> => {
    memory = changed(memory);
    if (path === undefined) return;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await oneAtATime(`${path}.lock`, async () => {
        memory = changed(await read());
        await writeAtomically(path, `${JSON.stringify(memory)}\n`);
      });
    } catch (error) {
      warnOnce(`cannot write ${path} (${whyUnwritable(error, path)})`);
    }
  };
  return {
    runsSentTo: target => memory.runs.filter(run => isOf(run, target)),
    isConfirmed: target => memory.confirmed.some(place => isOf(place, target)),
    rememberRun: (run, targets) =>
      change(current => ({
        ...current,
        runs: [...current.runs, ...targets.map(target => ({ ...placeOf(target), ...run }))].slice(-MOST_KEPT),
      })),
    confirm: target =>
      change(current => ({
        ...current,
        confirmed: [...current.confirmed.filter(place => !isOf(place, target)), placeOf(target)].slice(
          -MOST_KEPT,
        ),
      })),
  };
}

/** A process that holds a lock for longer has died with it. */
const LONGEST_LOCK_MS = 1000;
/** Nobody waits longer, whatever the clock of the folder's server says of a lock's age. */
const LONGEST_WAIT_MS = 3000;
const LOOK_AGAIN_MS = 20;

/** Does it while no other process does. */
async function oneAtATime(lock: string, work: () => Promise<void>): Promise<void> {
  const giveUpMs = Date.now() + LONGEST_WAIT_MS;
  while (!(await hasTaken(lock)) && Date.now() < giveUpMs) {
    if (await isLeftBehind(lock)) await rm(lock, { force: true });
    else await sleep(LOOK_AGAIN_MS);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** False: another has it. */
async function hasTaken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isLeftBehind(lock: string): Promise<boolean> {
  const made = await stat(lock).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > LONGEST_LOCK_MS;
}

/** Undefined where the user has no folder. */
function memoryPath(env: Context['env'], platform: NodeJS.Platform): string | undefined {
  const { HOME: home } = env;
  const folders: Readonly<Partial<Record<NodeJS.Platform, string | undefined>>> = {
    darwin: home && join(home, 'Library', 'Application Support'),
    win32: env.LOCALAPPDATA,
  };
  const folder = env.XDG_STATE_HOME || (folders[platform] ?? (home && join(home, '.local', 'state')));
  return folder ? join(folder, 'trafficinator', 'runs.json') : undefined;
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
