import { Failure } from '../base/failure.ts';
import { readControlUi } from '../config/control-ui.ts';
import { funnelsAsLegacyJson, funnelsAsYaml } from '../config/funnel-export.ts';
import type { LoadedFunnel } from '../config/funnel-file.ts';
import { checkedAsLegacy, type FunnelSource, funnelsOfLegacyFiles } from '../config/funnel-source.ts';
import { readFolderNames, readTextFile } from '../config/read-file.ts';
import { variableLookup } from '../config/sources.ts';
import { generatedPages } from '../traffic/page-catalogue.ts';
import type { Context } from './context.ts';
import { funnelNamed, funnelsInEffect, type InEffectFlags, refuseProblems } from './funnels-in-effect.ts';

interface ControlUiFlags {
  readonly apiBase?: string;
  readonly apiKeyEnv?: string;
}

/** `trafficinator funnels import`. */
export async function importFunnels(
  files: readonly string[],
  flags: ControlUiFlags,
  context: Context,
): Promise<void> {
  const isAsked = asksControlUi(flags);
  if (isAsked === files.length > 0) {
    throw new Failure('USAGE', isAsked ? '--api-base and files are two sources' : 'no source is given', {
      hint: 'Give files, or a control UI with --api-base URL --api-key-env VAR.',
    });
  }
  const reader = { cwd: context.cwd, readFile: readTextFile, readFolder: readFolderNames };
  const source = isAsked ? await ofControlUi(flags, context) : funnelsOfLegacyFiles(files, reader);
  context.stdout.write(funnelsAsYaml(sound(source, context).map(({ definition }) => definition)));
}

/** `trafficinator funnels export`. */
export async function exportFunnels(
  names: readonly string[],
  flags: InEffectFlags & ControlUiFlags & { readonly format: string },
  context: Context,
): Promise<void> {
  const { funnels, site } = await toExport(flags, context);
  const chosen = names.length === 0 ? funnels : names.map(name => funnelNamed(name, funnels));
  const definitions = chosen.map(({ definition }) => definition);
  context.stdout.write(
    flags.format === 'json' ? funnelsAsLegacyJson(definitions, site) : funnelsAsYaml(definitions),
  );
}

/** With the site that paths from the root are of. */
async function toExport(
  flags: InEffectFlags & ControlUiFlags,
  context: Context,
): Promise<{ readonly funnels: readonly LoadedFunnel[]; readonly site: string }> {
  if (asksControlUi(flags)) {
    const funnels = sound(await ofControlUi(flags, context), context);
    return { funnels, site: generatedPages()[0]?.url ?? '' };
  }
  const { loaded, funnels } = funnelsInEffect(flags, context);
  return { funnels, site: loaded.pages.pages[0]?.url ?? '' };
}

function asksControlUi({ apiBase, apiKeyEnv }: ControlUiFlags): boolean {
  if (apiBase !== undefined && apiKeyEnv === undefined) {
    throw new Failure('USAGE', '--api-base needs --api-key-env: the variable that holds the key', {
      hint: 'A key is never given on a command line, where others can read it.',
    });
  }
  if (apiKeyEnv !== undefined && apiBase === undefined) {
    throw new Failure('USAGE', '--api-key-env needs --api-base: the address of the control UI');
  }
  return apiBase !== undefined;
}

async function ofControlUi(
  { apiBase = '', apiKeyEnv = '' }: ControlUiFlags,
  { env, cwd }: Context,
): Promise<FunnelSource> {
  const key = variableLookup({ flags: {}, env, cwd, readFile: readTextFile })(apiKeyEnv);
  if (key === undefined || key === '') {
    throw new Failure('USAGE', `the variable ${variableName(apiKeyEnv)} of --api-key-env is not set`, {
      hint: 'Set it to the key the control UI was started with.',
    });
  }
  return checkedAsLegacy([await readControlUi({ base: apiBase, key, keyVariable: apiKeyEnv })]);
}

/** Whoever gives the key itself in place of a name must not find it in a log. */
function variableName(text: string): string {
  return /^[A-Z_][A-Z0-9_]{0,63}$/.test(text) ? text : '…';
}

function sound(source: FunnelSource, context: Context): readonly LoadedFunnel[] {
  for (const warning of source.warnings) context.stderr.write(`warning: ${warning}\n`);
  refuseProblems(source);
  return source.funnels;
}
