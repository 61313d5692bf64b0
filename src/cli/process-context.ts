import type { Context } from './context.ts';

/** The context of the real process: the only file that reads or changes `process`. */
export function processContext(): Context {
  // A reader that goes away (`trafficinator … | head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(listener) {
      const interrupt = () => listener('SIGINT');
      const terminate = () => listener('SIGTERM');
      process.on('SIGINT', interrupt);
      process.on('SIGTERM', terminate);
      return () => {
        process.off('SIGINT', interrupt);
        process.off('SIGTERM', terminate);
      };
    },
    exitWith(code) {
      process.exitCode = code;
    },
  };
}
