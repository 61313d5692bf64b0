import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import type { VerifyFlags } from './verify-action.ts';

const examples = `
Examples:
  $ MATOMO_API_TOKEN=… trafficinator verify run.json
      asks each target what it recorded, and writes what came of it into run.json
  $ trafficinator verify run.json --token-env baseline=TOKEN_A --token-env optimised=TOKEN_B
      two servers with a token each
  $ trafficinator verify run.json --no-write --json > verification.json
      all that differs, for programs; the report stays as it is
  $ trafficinator verify run.json --wait 10m
      a server that queues hits gets ten minutes to record them

A token needs view access to the site and nothing more. It is read from the variable that --token-env names, else from
MATOMO_API_TOKEN, the variable the run had its token from, or MATOMO_TOKEN_AUTH; in the environment or in .env.
Exit codes, of the verification alone and not of the run before it:
  0 recorded as planned, or not to be told (the summary says so) · 2 wrong usage, or no report that can be verified
  3 a target could not be asked · 4 a threshold on what was recorded failed
  6 a server did not record what it accepted · 130, 143 interrupted
`;

/** Adds the arguments, the options and the action of `trafficinator verify`. */
export function define(command: Command, context: Context): void {
  command
    .description(
      'Asks each target of a run whether it recorded what it accepted, and compares that with the plan.',
    )
    .argument('<report>', 'report of the run: what --report wrote')
    .addOption(
      new Option(
        '--method <method>',
        "visits: the run's own visits, one by one; totals: how the site's totals changed",
      )
        .choices(['auto', 'visits', 'totals'])
        .default('auto'),
    )
    .option('--strict', "count names from the server's own lists, too: browsers, devices, referrers")
    .option('--wait <time>', 'how long to wait for what is not recorded yet', '60s')
    .addOption(
      new Option(
        '--token-env <variable>',
        'variable that holds the token, or TARGET=VARIABLE for each target',
      )
        .argParser((text, before: string[]) => [...before, text])
        .default([], 'those of the run'),
    )
    .option('--env-file <file>', 'file of variables (default: .env, if there is one)')
    .option('--api-url <url>', "Reporting API, where it is another than the run's (one target only)")
    .option('--timeout <time>', "until the end of an answer, 60s at least (default: the run's)")
    .option('--no-write', 'leave the report as it is')
    .option('--html <file>', 'write the report, with what was found out, to this HTML file')
    .option('--junit <file>', 'write a test case for all that can pass or fail to this JUnit file')
    .option('--json', 'the verification on stdout as JSON')
    .option('--quiet', 'nothing on stderr but errors')
    .option('--no-progress', 'no progress')
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
    .action(async (path: string, flags: VerifyFlags) => {
      const { verifyFromCommandLine } = await import('./verify-action.ts');
      await verifyFromCommandLine(path, flags, context);
    });
}
