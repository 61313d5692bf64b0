import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addRunOptions, flagsOf } from './run-options.ts';

const examples = `
Examples:
  $ trafficinator backfill --days-back 7 --days 7 --visits-per-day 200 --collector
      a week into an embedded collector: no Matomo needed
  $ MATOMO_TOKEN_AUTH=… trafficinator backfill --from 2026-01-01 --to 2026-06-30 --visits-per-day 5000 \\
      --url https://matomo.example/matomo.php --site-id 3
      half a year, oldest day first
  $ trafficinator backfill --from 2026-01-01 --to 2026-03-31 --arrivals curve --growth 2%/week
      quiet nights and weekends, and more visits each week
  $ trafficinator backfill --resume
      goes on with the journal in this folder: after Ctrl-C, a crash, or a server that was away

A backfill needs a token with write access (MATOMO_TOKEN_AUTH): Matomo takes nothing older than a day without one.
What is sent and answered is kept in a journal, so that no visit is lost or sent twice, whatever breaks.
Ctrl-C lets the requests under way finish; a second one stops at once. Both leave a journal to go on with.
Exit codes: 0 done · 1 a bug, or a file could not be written · 2 wrong usage, or a journal that is in the way
  3 a target would not record what is planned · 4 a threshold failed, or had no data
  5 a target was lost, or accepted nothing
  6 a server recorded something else than it accepted (--verify) · 130, 143 interrupted
`;

/** Of what a run can be told, what has no meaning for past days. */
const leftOut = new Set(['whenDown']);

/** What means something else where there is no schedule. */
const meanings = {
  concurrency: 'requests under way at once, at most: as many of them as make the server faster (default: 50)',
  arrivals: 'constant: every day the same, evenly; curve: along the hours of a week (default: constant)',
  batchSize: 'hits a bulk request, in whole visits (default: 200)',
  transport: 'whole visits in a request, or one request a hit (default: bulk)',
};

/** Adds the options and the action of `trafficinator backfill`. */
export function define(command: Command, context: Context): void {
  addRunOptions(command, key => !leftOut.has(key), meanings);
  command
    .description('Fills past days with visits, oldest first, each recorded exactly once.')
    .addHelpText('after', examples)
    .action(async () => {
      const { backfillFromCommandLine } = await import('./backfill-action.ts');
      await backfillFromCommandLine(flagsOf(command), context);
    });
}
