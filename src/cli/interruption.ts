import { ExitCode } from '../base/exit-codes.ts';

export type Interruption = 'SIGINT' | 'SIGTERM';

export const EXIT_CODES = { SIGINT: ExitCode.Interrupted, SIGTERM: ExitCode.Terminated } as const;

/**
 * SIGTERM comes from something that waits: a container is killed 10 s after it. A threshold is broken by what a server does
 * to visits: the run is over within 2 s of that, and judges five times a second.
 */
const DRAIN_MS = { SIGINT: 30_000, SIGTERM: 8_000, threshold: 1000 } as const;

/** How long what is in flight may go on. @param saidSeconds `--drain-timeout` */
export function drainMs(end: Interruption | 'threshold', saidSeconds: number | undefined): number {
  return saidSeconds === undefined ? DRAIN_MS[end] : saidSeconds * 1000;
}
