import { Command, CommanderError } from 'commander';
import { ExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import { wrapLines } from '../output/text-width.ts';
import type { Context } from './context.ts';
import { processContext } from './process-context.ts';
import { version } from './version.ts';

/** A file of this folder that adds one command's arguments, options, examples and action. */
interface CommandModule {
  define(command: Command, context: Context): void;
}

/** Names and one-liners are here, and not in the commands' own files, so that `--help` loads none of them. */
const commands: readonly { name: string; summary: string; load: () => Promise<CommandModule> }[] = [
  { name: 'run', summary: 'generate traffic', load: () => import('./run.ts') },
  {
    name: 'validate',
    summary: 'check configuration and targets; records no hit on any server',
    load: () => import('./validate.ts'),
  },
  {
    name: 'verify',
    summary: 'ask each target whether it recorded what was planned',
    load: () => import('./verify.ts'),
  },
  {
    name: 'report',
    summary: 'show a saved report, and make other files of it',
    load: () => import('./report.ts'),
  },
  {
    name: 'backfill',
    summary: 'fill past days, each visit exactly once',
    load: () => import('./backfill.ts'),
  },
  {
    name: 'compare',
    summary: 'two runs side by side, and whether they differ by more than noise',
    load: () => import('./compare.ts'),
  },
  {
    name: 'presets',
    summary: 'list, show or export the shipped presets',
    load: () => import('./presets.ts'),
  },
  {
    name: 'funnels',
    summary: 'list, check, preview, begin, import or export funnels',
    load: () => import('./funnels.ts'),
  },
  {
    name: 'pages',
    summary: 'check a page list: counts, structure, duplicates, mistakes',
    load: () => import('./pages.ts'),
  },
  {
    name: 'config',
    summary: 'show the configuration in effect, its schema, or a starter file',
    load: () => import('./config.ts'),
  },
  {
    name: 'collector',
    summary: 'start a server that answers as Matomo does',
    load: () => import('./collector.ts'),
  },
];

const examples = `
Examples:
  $ trafficinator run --preset smoke --collector                 60 visits, no Matomo needed
  $ trafficinator run --preset heavy --url https://matomo.example/matomo.php --site-id 1
  $ trafficinator run --url https://matomo.example/ --rate 10/s --duration 10m --report run.json
  $ trafficinator backfill --days-back 30 --days 30 --visits-per-day 500 --url …
  $ trafficinator verify run.json                                was all of it recorded as planned?
  $ trafficinator report run.json --junit run.xml                files of a report that was kept
  $ trafficinator compare before.json after.json                 is the difference more than noise?
  $ trafficinator presets list

A token is read from MATOMO_TOKEN_AUTH (environment or .env), never from the command line.
Help on a command: trafficinator help run
`;

/**
 * Runs one command line. Never throws and never exits: what the process ends with goes to `context`.
 *
 * @param given what follows the program's name
 */
export async function runCommandLine(given: readonly string[], context: Context): Promise<void> {
  const args = withoutHelpCommand(given);
  const named = commands.find(command => args.find(argument => !argument.startsWith('-')) === command.name);
  const helped = args[0] === 'help' ? commands.find(command => command.name === args[1]) : undefined;
  const program = new Command('trafficinator')
    .description('Plans realistic visits, sends them to Matomo, and proves that they were recorded.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples);
  program.configureOutput({
    writeOut: text => context.stdout.write(text),
    // What stands behind a mistyped option may be a secret: only its name is repeated.
    writeErr: text => context.stderr.write(text.replace(/'(--?[^=']+)=[^']*'/g, "'$1=…'")),
    getOutHelpWidth: () => context.stdout.columns ?? 100,
    getErrHelpWidth: () => context.stderr.columns ?? 100,
  });
  program.exitOverride().showHelpAfterError('(trafficinator --help lists the commands)');
  program.enablePositionalOptions();
  try {
    for (const { name, summary, load } of commands) {
      const command = program
        .command(name)
        .summary(summary)
        .description(summary)
        .copyInheritedSettings(program)
        .showHelpAfterError(`(trafficinator ${name} --help tells what it takes)`);
      if (name === named?.name || name === helped?.name) (await load()).define(command, context);
    }
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    report(error, args, context);
  }
}

/** `help presets list` asks what `presets list --help` does: commander looks for the first name alone. */
function withoutHelpCommand(given: readonly string[]): readonly string[] {
  const [first, ...named] = given;
  return first === 'help' && named.length > 1 ? [...named, '--help'] : given;
}

/** Entry of `bin/trafficinator.js`. */
export async function main(): Promise<void> {
  const context = processContext();
  await runCommandLine(process.argv.slice(2), context);
}

function report(error: unknown, args: readonly string[], context: Context): void {
  if (error instanceof CommanderError) {
    // Help and version end here too, with 0; commander has already written what there is to say.
    context.exitWith(error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage);
    return;
  }
  if (error instanceof Failure) {
    const told = `error: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`;
    context.stderr.write(wrapLines(told, context.stderr.columns));
    context.exitWith(error.exitCode);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = error instanceof Error ? error.message : String(error);
  const debug = args.some(
    (argument, at) =>
      argument === '--log-level=debug' || (argument === '--log-level' && args[at + 1] === 'debug'),
  );
  context.stderr.write(
    `internal error: ${debug ? stack : message}\nThis is a bug in trafficinator.${debug ? '' : ' With --log-level debug it shows where.'}\n`,
  );
  context.exitWith(ExitCode.InternalError);
}
