import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../src/cli/context.ts';
import { runCommandLine } from '../../src/cli/main.ts';

/** Runs a command line in a folder of its own. */
export async function cli(
  args: readonly string[],
  { env = {}, cwd = mkdtempSync(join(tmpdir(), 'trafficinator-')) } = {},
) {
  const result = { stdout: '', stderr: '', exitCode: 0, cwd };
  const context: Context = {
    env,
    cwd,
    platform: 'linux',
    stdout: { write: text => (result.stdout += text), columns: 100 },
    stderr: { write: text => (result.stderr += text), columns: 100 },
    onSignal: () => () => {},
    exitWith: code => {
      result.exitCode = code;
    },
  };
  await runCommandLine(args, context);
  return result;
}
