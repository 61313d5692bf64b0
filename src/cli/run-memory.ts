import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  /** What another process wrote meanwhile stays. */
  const change = async (changed: (current: Memory) => Memory): Promise<void> => {
    memory = changed(await read());
    if (path === undefined) return;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeAtomically(path, `${JSON.stringify(memory)}\n`);
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
