import { Failure } from '../base/failure.ts';
import { presetAsYaml } from '../config/export-preset.ts';
import type { LoadedFunnel } from '../config/funnel-file.ts';
import { funnelsOfFiles } from '../config/funnel-source.ts';
import { suggestion } from '../config/nearest.ts';
import { readFolderNames, readTextFile } from '../config/read-file.ts';
import { shippedFunnel, shippedFunnels } from '../config/shipped-funnels.ts';
import { toFunnel } from '../config/to-funnel.ts';
import { reachOf, sharesOf } from '../traffic/funnel.ts';
import { aligned } from './aligned.ts';
import type { Context } from './context.ts';
import { funnelsInEffect, type InEffectFlags, percent, refuseProblems } from './funnels-in-effect.ts';

/** `trafficinator funnels list`. */
export function listFunnels(flags: InEffectFlags, context: Context): void {
  const { funnels, areShipped } = funnelsInEffect(flags, context);
  context.stdout.write(listing(funnels));
  if (areShipped) {
    context.stderr.write(
      `no funnels are configured: these come with the package, as ${shippedFunnels().join(', ')}\n`,
    );
  }
}

/** In the order they are tried in. */
function listing(loaded: readonly LoadedFunnel[]): string {
  const rows = loaded.map(({ definition, from }) => ({ funnel: toFunnel(definition), from }));
  const shares = sharesOf(rows.map(({ funnel }) => funnel));
  const header = ['name', 'priority', 'probability', 'of visits', 'finish', 'steps', 'from'];
  const cells = rows
    .sort((one, other) => one.funnel.priority - other.funnel.priority)
    .map(({ funnel, from }) => [
      funnel.name,
      String(funnel.priority),
      percent(funnel.probability),
      funnel.enabled ? percent(shares.get(funnel) ?? 0) : 'disabled',
      percent(reachOf(funnel).at(-1) ?? 0),
      String(funnel.steps.length),
      from,
    ]);
  return aligned([header, ...cells], { right: new Set([1, 2, 3, 4, 5]) });
}

/**
 * `trafficinator funnels validate`.
 *
 * @throws Failure CONFIG_INVALID with every problem at once
 */
export function validateFunnels(files: readonly string[], context: Context): void {
  const source = funnelsOfFiles(files, {
    cwd: context.cwd,
    readFile: readTextFile,
    readFolder: readFolderNames,
  });
  for (const warning of source.warnings) context.stderr.write(`warning: ${warning}\n`);
  refuseProblems(source);
  for (const { file, funnels } of source.files) {
    const what = funnels === 1 ? 'a funnel, nothing wrong' : `${funnels} funnels, nothing wrong`;
    context.stdout.write(`${file}: ${funnels === 0 ? 'no funnel in it' : what}\n`);
  }
  if (source.funnels.length > 0) context.stdout.write(`\n${listing(source.funnels)}`);
}

/**
 * `trafficinator funnels new`.
 *
 * @throws Failure USAGE
 */
export function newFunnel(template: string, context: Context): void {
  const text = shippedFunnel(template);
  if (text === undefined) {
    const names = shippedFunnels();
    throw new Failure('USAGE', `there is no template ${template}${suggestion(template, names)}`, {
      hint: `Templates: ${names.join(', ')}`,
    });
  }
  context.stdout.write(presetAsYaml(text));
}
