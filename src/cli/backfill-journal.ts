import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../base/failure.ts';
import type { Flags } from '../config/flag-layer.ts';
import type { BackfillConfig } from '../run/backfill/backfill-plan.ts';
import { type JournalState, readJournal } from '../run/backfill/journal-state.ts';

/** A journal that is there. */
export interface FoundJournal {
  readonly path: string;
  readonly state: JournalState;
}

/** `backfill-matomo.example-site3-2026-01-01-2026-06-30.ndjson`: of another target or window there may be one beside it. */
export function journalName({ targets, backfill }: Pick<BackfillConfig, 'targets' | 'backfill'>): string {
  const [first] = targets;
  const others = targets.length > 1 ? `-and-${targets.length - 1}-more` : '';
  const target = `${first?.name ?? ''}-site${first?.siteId ?? ''}${others}`;
  return `backfill-${target.replace(/[^A-Za-z0-9._-]+/g, '_')}-${backfill.firstDay}-${backfill.lastDay}.ndjson`;
}

/** Where journals are that nobody names: beside the report. */
export function journalFolder(flags: Flags, cwd: string): string {
  return typeof flags.report === 'string' ? dirname(resolve(cwd, flags.report)) : cwd;
}

/**
 * The journal that `--resume` means: the one it names, else the only one beside the report that is not finished and that
 * fits what the command line says of days and target, else the finished one.
 *
 * @throws Failure USAGE where there is none, or which is meant cannot be told
 */
export function journalToResume(flags: Flags, cwd: string): FoundJournal {
  const named = flags['backfill.journal'];
  if (typeof named === 'string') {
    const path = resolve(cwd, named);
    return { path, state: readJournal(path) };
  }
  const folder = journalFolder(flags, cwd);
  const found = journalsIn(folder).filter(({ state }) => fits(state, flags));
  const open = found.filter(({ state }) => !state.isFinished);
  const meant = open.length === 0 ? found : open;
  const [only] = meant;
  if (only === undefined) {
    const [failure] = journalFiles(folder).flatMap(({ failure }) => failure ?? []);
    // It may be the one that is meant, of a version that wrote it another way.
    if (failure !== undefined) throw failure;
    throw new Failure('USAGE', `there is no journal of such a backfill in ${folder}`, {
      hint: 'Name it with --journal, go to its folder, or begin a backfill without --resume.',
    });
  }
  if (meant.length > 1) {
    const names = meant.map(({ path }) => `  ${path}`).join('\n');
    throw new Failure('USAGE', `there are ${meant.length} journals that could be meant:\n${names}`, {
      hint: 'Name one with --journal.',
    });
  }
  return only;
}

/** Those that can be read. What is no journal may have a name like it. */
export function journalsIn(folder: string): FoundJournal[] {
  return journalFiles(folder).flatMap(({ path, state }) => (state === undefined ? [] : [{ path, state }]));
}

/** A file that is named like a journal, and what it holds or why that cannot be read. */
interface JournalFile {
  readonly path: string;
  readonly state?: JournalState;
  readonly failure?: Failure;
}

function journalFiles(folder: string): JournalFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => /^backfill-.*\.ndjson$/.test(name))
    .sort()
    .map(name => {
      const path = join(folder, name);
      try {
        return { path, state: readJournal(path) };
      } catch (failure) {
        if (failure instanceof Failure) return { path, failure };
        throw failure;
      }
    });
}

function fits({ header }: JournalState, flags: Flags): boolean {
  const { window, targets } = header;
  const said = (key: string, value: unknown) =>
    flags[key] === undefined || String(flags[key]) === String(value);
  return (
    said('backfill.from', window.firstDay) &&
    said('backfill.to', window.lastDay) &&
    targets.some(
      ({ url, siteId }) =>
        said('target.siteId', siteId) &&
        (flags['target.url'] === undefined ||
          url.startsWith(String(flags['target.url']).replace(/\/+$/, ''))),
    )
  );
}
