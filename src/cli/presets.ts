import { type Command, Option } from 'commander';
import { Failure } from '../base/failure.ts';
import { aligned } from './aligned.ts';
import type { Context } from './context.ts';

const examples = `
Examples:
  $ trafficinator presets list
  $ trafficinator presets show heavy
  $ trafficinator presets export heavy --format env > heavy.env
`;

/** `trafficinator presets list|show|export`. */
export function define(command: Command, context: Context): void {
  command.addHelpText('after', examples);
  command
    .command('list')
    .summary('names, and how much each sends')
    .description('Lists the shipped presets.')
    .action(async () => {
      context.stdout.write(await listing());
    });
  command
    .command('show')
    .argument('<name>', 'a shipped preset')
    .summary('a preset as it is, with its comments')
    .description('Prints a shipped preset.')
    .action(async (name: string) => {
      context.stdout.write(await textOf(name));
    });
  command
    .command('export')
    .argument('<name>', 'a shipped preset')
    .addOption(
      new Option('--format <env|yaml>', 'variables or a configuration file')
        .choices(['env', 'yaml'])
        .default('yaml'),
    )
    .summary('a preset as a file of your own')
    .description('Prints a shipped preset as a configuration file or as an env file.')
    .action(async (name: string, { format }: { format: string }) => {
      const text = await textOf(name);
      const { presetAsEnv, presetAsYaml } = await import('../config/export-preset.ts');
      context.stdout.write(format === 'env' ? presetAsEnv(name) : presetAsYaml(text));
    });
}

async function textOf(name: string): Promise<string> {
  const [{ shippedPreset, shippedPresets }, { suggestion }] = await Promise.all([
    import('../config/preset.ts'),
    import('../config/nearest.ts'),
  ]);
  const text = shippedPreset(name);
  if (text !== undefined) return text;
  const names = shippedPresets();
  throw new Failure('USAGE', `there is no preset ${name}${suggestion(name, names)}`, {
    hint: `Presets: ${names.join(', ')}`,
  });
}

async function listing(): Promise<string> {
  const [{ shippedPresets }, { loadShippedPreset }, { visitsPerDay }] = await Promise.all([
    import('../config/preset.ts'),
    import('../config/export-preset.ts'),
    import('../config/rate.ts'),
  ]);
  const header = ['name', 'visits/day', 'visits/s', 'pageviews', 'concurrency', 'description'];
  const rows = shippedPresets().map(name => {
    const { rate, traffic, concurrency, description = '' } = loadShippedPreset(name).values;
    const { min, max } = traffic.pageviews;
    const perSecond = rate === 'max' ? 'max' : Number(rate.toPrecision(3)).toString();
    const perDay = rate === 'max' ? 'max' : visitsPerDay(rate).toLocaleString('en');
    return [name, perDay, perSecond, `${min}–${max}`, String(concurrency), description];
  });
  return aligned([header, ...rows], { right: new Set([1, 2, 3, 4]) });
}
