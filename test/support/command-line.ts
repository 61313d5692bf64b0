import type { Context } from '../../src/cli/context.ts';
import { runCommandLine } from '../../src/cli/main.ts';
import { folder, type ProgramOptions } from './program.ts';

/**
 * Runs a command line in this process, which costs half a second less than one of its own (`program.ts`).
 *
 * @param person who sits at the terminal, where somebody does
 */
export async function cli(
  args: readonly string[],
  { env = {}, cwd = folder() }: ProgramOptions = {},
  person: Partial<Pick<Context, 'ask' | 'onSignal' | 'onSuspend' | 'stderr'>> = {},
) {
  const result = { stdout: '', stderr: '', exitCode: 0, cwd };
  const context: Context = {
    env,
    cwd,
    platform: 'linux',
    stdout: { write: text => (result.stdout += text) },
    stderr: { write: text => (result.stderr += text) },
    onSignal: () => () => {},
    onSuspend: () => () => {},
    exitWith: code => {
      result.exitCode = code;
    },
    ...person,
  };
  await runCommandLine(args, context);
  return result;
}
