import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addRunOptions, flagsOf } from './run-options.ts';

const examples = `
Examples:
  $ MATOMO_TOKEN_AUTH=… trafficinator validate --url https://matomo.example/matomo.php --site-id 3
  $ trafficinator validate --config servers.yaml --json
      every target of a file, for a script to read
  $ trafficinator validate --config servers.yaml --from 2026-01-01 --to 2026-06-30
      whether a backfill could fill these days
  $ trafficinator validate --config servers.yaml --skip-connection
      the configuration alone

Nothing is recorded on any server, and a refused token is tried once.
Exit codes: 0 a run can begin (warnings are allowed) · 2 wrong usage or configuration · 3 a target would not record what
  is planned · 130, 143 interrupted
What each finding means is in docs/validation.md.
`;

/** What of a run decides whether it is recorded, and how that is told. */
const taken = new Set([
  'preset',
  'config',
  'envFile',
  'target.url',
  'target.siteId',
  'target.apiUrl',
  'targets',
  'distribution',
  'timeout',
  'rate',
  'visits',
  'duration',
  'transport',
  'backfill.from',
  'backfill.to',
  'backfill.daysBack',
  'backfill.days',
  'backfill.allowLong',
  'json',
  'quiet',
  'color',
]);

/** Adds the options and the action of `trafficinator validate`. */
export function define(command: Command, context: Context): void {
  addRunOptions(command, key => taken.has(key));
  command
    .option('--skip-connection', 'check the configuration alone, and connect to nothing')
    .description('Checks the configuration and asks every target whether it would record what is planned.')
    .addHelpText('after', examples)
    .action(async ({ skipConnection = false }: { skipConnection?: boolean }) => {
      const { validateFromCommandLine } = await import('./validate-action.ts');
      await validateFromCommandLine(flagsOf(command), { skipConnection }, context);
    });
}
