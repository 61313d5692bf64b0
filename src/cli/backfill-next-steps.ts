import { relative } from 'node:path';
import type { BackfillConfig } from '../run/backfill/backfill-plan.ts';

/** What goes on with a backfill that was broken off. */
export function resumeCommand(cwd: string, journalPath: string): string {
  return `trafficinator backfill --resume --journal ${shellWord(relativeTo(cwd, journalPath))}`;
}

/** What makes the reports of these days on the servers. */
export function archivingCommands({ targets, backfill: { firstDay, lastDay } }: BackfillConfig): string[] {
  const commands = targets.map(
    ({ siteId }) =>
      `./console core:archive --force-idsites=${siteId} --force-date-range=${firstDay},${lastDay}`,
  );
  return [...new Set(commands)];
}

function relativeTo(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}

function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
