import { writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { Failure } from '../base/failure.ts';
import { packageRoot } from '../base/package-root.ts';
import { aligned } from './aligned.ts';
import type { Context } from './context.ts';
import { addRunOptions, flagsOf } from './run-options.ts';

const examples = `
Examples:
  $ trafficinator config init
  $ trafficinator config show --preset heavy --rate 10/s
  $ trafficinator config schema > trafficinator.schema.json
`;

const fileName = 'trafficinator.yaml';

/** `trafficinator config show|schema|init`. */
export function define(command: Command, context: Context): void {
  command.addHelpText('after', examples);
  const show = command
    .command('show')
    .summary('every value in effect, and where it is from')
    .description('Shows what `run` with the same options is configured with; with --json for programs.');
  addRunOptions(show);
  show.action(() => showConfig(show, context));
  command
    .command('schema')
    .summary('JSON Schema of configuration files')
    .description('Prints the JSON Schema of configuration files and presets.')
    .action(async () => {
      const { configJsonSchema } = await import('../config/json-schema.ts');
      context.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    });
  command
    .command('init')
    .option('--force', 'overwrite the file that is there')
    .summary('a commented starter file')
    .description(`Writes ${fileName} into the current folder.`)
    .action(async ({ force = false }: { force?: boolean }) => {
      const { starterFile } = await import('../config/starter-file.ts');
      writeStarter(starterFile(schemaSeenFrom(context.cwd)), force, context);
    });
}

async function showConfig(command: Command, context: Context): Promise<void> {
  const [{ loadConfig }, { configAsJson, configAsRows }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/show.ts'),
  ]);
  const loaded = loadConfig({
    flags: flagsOf(command),
    env: context.env,
    cwd: context.cwd,
    needsTarget: false,
  });
  if (loaded.values.json) {
    context.stdout.write(`${JSON.stringify(configAsJson(loaded), null, 2)}\n`);
    return;
  }
  // One table, so that the columns of all groups stand below each other.
  const rows = configAsRows(loaded).flatMap(({ name, rows }) => [
    [],
    [name],
    ...rows.map(row => [`  ${row[0]}`, row[1], row[2]]),
  ]);
  context.stdout.write(aligned(rows.slice(1)));
  for (const text of loaded.notices) context.stderr.write(`note: ${text}\n`);
  for (const text of loaded.warnings) context.stderr.write(`warning: ${text}\n`);
}

function writeStarter(text: string, force: boolean, context: Context): void {
  try {
    writeFileSync(join(context.cwd, fileName), text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    if (code === 'EEXIST') {
      throw new Failure('FILE_UNWRITABLE', `${fileName} is there already`, {
        hint: '--force overwrites it.',
        cause: error,
      });
    }
    throw new Failure('FILE_UNWRITABLE', `${fileName} cannot be written: ${code}`, { cause: error });
  }
  context.stderr.write(`${fileName} is written: uncomment what you want to change\n`);
}

/** The schema in this package, as an editor finds it from a folder. */
function schemaSeenFrom(folder: string): string {
  const schema = fileURLToPath(new URL('docs/config.schema.json', packageRoot));
  return relative(folder, schema).split(sep).join('/');
}
