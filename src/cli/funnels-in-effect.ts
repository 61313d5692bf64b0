import { Failure } from '../base/failure.ts';
import type { LoadedFunnel } from '../config/funnel-file.ts';
import { type FunnelSource, funnelsOfPackage } from '../config/funnel-source.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { suggestion } from '../config/nearest.ts';
import { problemsText } from '../config/problem-text.ts';
import { shippedFunnels } from '../config/shipped-funnels.ts';
import type { Context } from './context.ts';

/** The options that say where the funnels in effect are from. */
export interface InEffectFlags {
  readonly config?: string;
  readonly envFile?: string;
  readonly preset?: string;
  readonly seed?: string;
}

export interface FunnelsInEffect {
  readonly loaded: LoadedConfig;
  /** Those of the package, where none are configured. */
  readonly funnels: readonly LoadedFunnel[];
  readonly areShipped: boolean;
}

/** @throws Failure CONFIG_INVALID */
export function funnelsInEffect(flags: InEffectFlags, context: Context): FunnelsInEffect {
  const { config, envFile, preset, seed } = flags;
  const loaded = loadConfig({
    flags: {
      ...(config !== undefined && { config }),
      ...(envFile !== undefined && { envFile }),
      ...(preset !== undefined && { preset }),
      ...(seed !== undefined && { seed }),
    },
    env: context.env,
    cwd: context.cwd,
    needsTarget: false,
  });
  const configured = loaded.funnels.funnels;
  for (const warning of loaded.funnels.warnings) context.stderr.write(`warning: ${warning}\n`);
  if (configured.length > 0) return { loaded, funnels: configured, areShipped: false };
  return { loaded, funnels: funnelsOfPackage().funnels, areShipped: true };
}

/**
 * The funnel a person means: by its name, or by that of its file in the package.
 *
 * @throws Failure USAGE
 */
export function funnelNamed(name: string, funnels: readonly LoadedFunnel[]): LoadedFunnel {
  const known = [...funnels, ...funnelsOfPackage().funnels];
  const wanted = name.toLowerCase();
  const found = known.find(({ definition }) => definition.name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  if (shippedFunnels().includes(wanted)) {
    const [shipped] = funnelsOfPackage([wanted]).funnels;
    // The one in effect has precedence, should it be changed.
    const own = funnels.find(({ definition }) => definition.name === shipped?.definition.name);
    if (shipped !== undefined) return own ?? shipped;
  }
  const names = [...new Set(known.map(({ definition }) => definition.name))];
  throw new Failure('USAGE', `there is no funnel ${name}${suggestion(name, names)}`, {
    hint: `Funnels: ${names.join(', ')}`,
  });
}

/** @throws Failure CONFIG_INVALID with every problem at once */
export function refuseProblems(source: Pick<FunnelSource, 'problems'>): void {
  if (source.problems.length === 0) return;
  throw new Failure('CONFIG_INVALID', problemsText(source.problems, new Set(), 'the funnels have'));
}

/** As much of a share as matters: `4 %`, `4.75 %`, `0.0312 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
