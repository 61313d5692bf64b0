import { ExitCode } from '../base/exit-codes.ts';
import { wrapLines } from '../output/text-width.ts';
import type { Context } from './context.ts';

/** The context of the real process: the only file that reads or changes `process`. */
export function processContext(): Context {
  let isUnwritable = false;
  for (const [name, stream] of [
    ['stdout', process.stdout],
    ['stderr', process.stderr],
  ] as const) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that goes away (`trafficinator … | head`) is no error of ours: a run goes on and keeps its account.
      if (error.code === 'EPIPE') return;
      isUnwritable = true;
      process.exitCode = ExitCode.InternalError;
      if (name === 'stdout') process.stderr.write(`error: cannot write to stdout: ${error.message}\n`);
    });
  }
  return {
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(listener) {
      const interrupt = () => listener('SIGINT');
      const terminate = () => listener('SIGTERM');
      process.on('SIGINT', interrupt);
      process.on('SIGTERM', terminate);
      // A terminal that is closed, or a connection to it that drops.
      process.on('SIGHUP', terminate);
      return () => {
        process.off('SIGINT', interrupt);
        process.off('SIGTERM', terminate);
        process.off('SIGHUP', terminate);
      };
    },
    onSuspend(listener) {
      // Windows has no such signal.
      if (process.platform === 'win32') return () => {};
      const suspend = () => {
        listener();
        // Who listens to SIGTSTP is not stopped by it.
        process.kill(process.pid, 'SIGSTOP');
      };
      process.on('SIGTSTP', suspend);
      return () => process.off('SIGTSTP', suspend);
    },
    // Node opens its standard input when that is looked at: not where nobody can be asked.
    ...(process.stderr.isTTY && process.stdin.isTTY && { ask: askPerson }),
    exitWith(code) {
      process.exitCode = isUnwritable ? ExitCode.InternalError : code;
    },
  };
}

/** Leaves the terminal as it is, so that Ctrl-C is a signal here as everywhere. */
async function askPerson(question: string, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  // Ctrl-D is no answer.
  const closed = new Promise<undefined>(resolve => terminal.once('close', () => resolve(undefined)));
  const shown = wrapLines(`${question} [y/N] `, process.stderr.columns);
  try {
    const answer = await Promise.race([terminal.question(shown, { signal }), closed]);
    if (answer === undefined) {
      process.stderr.write('\n');
      return false;
    }
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
