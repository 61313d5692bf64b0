import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../base/failure.ts';
import type { Flags } from '../config/flag-layer.ts';
import { journalRequest } from '../config/journal-config.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { toBackfillConfig } from '../config/to-backfill-config.ts';
import { readJournal } from '../run/backfill/journal-state.ts';
import { windowOf } from './backfill-days.ts';
import { type FoundJournal, journalFolder, journalsIn, journalToResume } from './backfill-journal.ts';
import type { Context } from './context.ts';

/** What was asked for, and the journal it goes on with. */
export function loadBackfill(
  flags: Flags,
  { env, cwd }: Context,
): { loaded: LoadedConfig; journal: FoundJournal | undefined } {
  const request = { env, cwd, tellsOfTokens: false };
  const goOn = (journal: FoundJournal) => ({
    journal,
    loaded: loadConfig(
      journalRequest(journal.state.header, journal.path, { ...request, flags: { ...flags, resume: true } }),
    ),
  });
  if (flags.resume === true) return goOn(journalToResume(flags, cwd));
  const loaded = loadConfig({ ...request, flags, command: 'backfill' });
  // A container that is started again is to go on, and nobody is there to say so.
  const earlier = loaded.values.backfill.runOnce ? journalOf(loaded, flags, cwd) : undefined;
  return earlier === undefined ? { loaded, journal: undefined } : goOn(earlier);
}

/** Of an earlier start with the same target, and with the same days where they are said. */
function journalOf(loaded: LoadedConfig, flags: Flags, cwd: string): FoundJournal | undefined {
  const named = loaded.values.backfill.journal;
  if (named !== undefined) {
    const path = resolve(cwd, named);
    return existsSync(path) ? { path, state: readJournal(path) } : undefined;
  }
  const { from, to } = loaded.values.backfill;
  const config = toBackfillConfig(loaded, windowOf(loaded, [loaded.values.timezone], undefined));
  const all = journalsIn(journalFolder(flags, cwd)).filter(({ state: { header } }) => {
    const { firstDay, lastDay } = header.window;
    const isSameWindow = from === undefined || to === undefined || (firstDay === from && lastDay === to);
    const [target] = config.targets;
    return (
      isSameWindow &&
      header.targets.some(({ url, siteId }) => url === target?.url.href && siteId === target.siteId)
    );
  });
  return all.find(({ state }) => !state.isFinished) ?? all.at(-1);
}

/** The predecessor filled days again whenever its container was started again. */
export function refuseToRepeat(path: string, isMeant: boolean): void {
  if (isMeant || !existsSync(path)) return;
  const { isFinished } = readJournal(path);
  const what = isFinished ? 'these days have been filled already' : 'these days have been begun to be filled';
  throw new Failure('USAGE', `${what}: ${path}`, {
    hint: isFinished
      ? 'Nothing was sent. --force fills them a second time, and keeps that journal.'
      : 'Nothing was sent. --resume goes on with it; --force begins anew, and what is recorded stays.',
  });
}
