import type { ExitCode } from '../base/exit-codes.ts';
import type { TextStream as ShownStream } from '../output/text-stream.ts';

/** A stream the command line writes to, as outputs see it and more. */
export interface TextStream extends ShownStream {
  /** Calls back when more can be written, after `write` returned false, or when nobody reads on. */
  once?(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * The only way a command touches its process, so that one can be driven by a test in process.
 * Data goes to `stdout`, everything else to `stderr`.
 */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Calls back at each SIGINT or SIGTERM until the returned function is called. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /**
   * Calls back when a person puts the process to sleep (Ctrl-Z), before it does, until the returned function is called.
   * What is drawn on the terminal is to be taken away: a shell writes there next.
   */
  onSuspend(listener: () => void): () => void;
  /**
   * Asks a person yes or no; no is what no answer means. Undefined where nobody is there to answer.
   *
   * @param signal takes the question back
   */
  readonly ask?: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  /** What the process ends with; the last call counts, 0 without one. */
  exitWith(code: ExitCode): void;
}
