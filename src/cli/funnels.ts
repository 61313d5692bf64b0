import { type Command, Option } from 'commander';
import type { Context } from './context.ts';

const examples = `
Examples:
  $ trafficinator funnels list --preset medium
  $ trafficinator funnels validate funnels.json more/*.yaml
  $ trafficinator funnels preview "E-commerce purchase" --seed 7
  $ trafficinator funnels new --template lead-generation > my-funnel.yaml
  $ trafficinator funnels import funnels.json > funnels.yaml
  $ trafficinator funnels export "Support search" --format json > funnels.json
  $ trafficinator funnels import --api-base http://localhost:8000 --api-key-env CONTROL_UI_API_KEY > funnels.yaml

Use them with \`funnels: [my-funnel.yaml]\` in trafficinator.yaml, or FUNNEL_CONFIG_PATH=funnels.json.
`;

/** `trafficinator funnels list|validate|preview|new|import|export`. Actions load what they need. */
export function define(command: Command, context: Context): void {
  command.addHelpText('after', examples);

  const list = inEffect(command.command('list'))
    .summary('the funnels in effect, and what share of the visits each gets')
    .description('Lists the funnels in effect; where none are, those of the package.')
    .addHelpText('after', '\nExample:\n  $ trafficinator funnels list --preset medium\n');
  list.action(async () => {
    const { listFunnels } = await import('./funnels-list.ts');
    listFunnels(list.opts(), context);
  });

  command
    .command('validate')
    .argument('<file...>', 'funnel files, YAML or JSON, or folders of them')
    .summary('all that is wrong with funnel files, with line and column')
    .description('Checks funnel files, each and all together. Ends with 2 where something is wrong.')
    .addHelpText('after', '\nExample:\n  $ trafficinator funnels validate funnels.json\n')
    .action(async (files: string[]) => {
      const { validateFunnels } = await import('./funnels-list.ts');
      validateFunnels(files, context);
    });

  const preview = inEffect(command.command('preview'))
    .argument('<name>', 'a funnel in effect, or one of the package')
    .option('--seed <number>', 'what is drawn is drawn from this (default: drawn and told)')
    .summary('one visit through a funnel, as a time line')
    .description('Shows a visit through a funnel, and what share of the visits goes through it.')
    .addHelpText(
      'after',
      '\nExample:\n  $ trafficinator funnels preview "Sign-up" --preset medium --seed 7\n',
    );
  preview.action(async (name: string) => {
    const { previewFunnel } = await import('./funnels-preview.ts');
    previewFunnel(name, preview.opts(), context);
  });

  command
    .command('new')
    .requiredOption('--template <name>', 'a funnel of the package')
    .summary('a funnel of your own, from one of the package')
    .description('Prints a funnel of the package as a file of your own.')
    .addHelpText('after', '\nExample:\n  $ trafficinator funnels new --template sign-up > my-funnel.yaml\n')
    .action(async ({ template }: { template: string }) => {
      const { newFunnel } = await import('./funnels-list.ts');
      newFunnel(template, context);
    });

  const imported = ofControlUi(command.command('import'))
    .argument('[file...]', 'funnel files of the Python Trafficinator, or others')
    .summary('funnels of the Python Trafficinator as a YAML file')
    .description('Prints the funnels of files, or of a running control UI, as one YAML file.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ trafficinator funnels import funnels.json > funnels.yaml\n  $ trafficinator funnels import --api-base http://localhost:8000 --api-key-env CONTROL_UI_API_KEY > funnels.yaml\n',
    );
  imported.action(async (files: string[]) => {
    const { importFunnels } = await import('./funnels-export.ts');
    await importFunnels(files, imported.opts(), context);
  });

  const exported = ofControlUi(inEffect(command.command('export')))
    .argument('[name...]', 'funnels in effect, or of the package (default: all in effect)')
    .addOption(
      new Option(
        '--format <json|yaml>',
        'JSON: the list FUNNEL_CONFIG_PATH of the Python Trafficinator takes',
      )
        .choices(['json', 'yaml'])
        .default('yaml'),
    )
    .summary('the funnels in effect as one file')
    .description('Prints the funnels in effect; where none are, those of the package.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ trafficinator funnels export > funnels.yaml\n  $ trafficinator funnels export "Support search" --format json > funnels.json\n  $ trafficinator funnels export --api-base http://localhost:8000 --api-key-env CONTROL_UI_API_KEY --format json\n',
    );
  exported.action(async (names: string[]) => {
    const { exportFunnels } = await import('./funnels-export.ts');
    await exportFunnels(names, exported.opts(), context);
  });
}

/** Where the funnels in effect are from. */
function inEffect(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: trafficinator.yaml, if there is one)')
    .option('--env-file <file>', 'file of variables (default: .env, if there is one)')
    .option('--preset <name|file>', 'preset to start from');
}

function ofControlUi(command: Command): Command {
  return command
    .option('--api-base <url>', 'a running control UI of the Python Trafficinator, to read its funnels from')
    .option('--api-key-env <variable>', 'the variable that holds its key');
}
