import type { Output } from './output.ts';
import type { Report } from './report.ts';
import type { RunningTarget } from './running-target.ts';
import type { RunInfo, Snapshot } from './snapshot.ts';

/**
 * All outputs of a run as one. One that throws is left out from then on, costs neither the run nor the others anything,
 * and is told of at the end: `finish` rejects with the first error after all have finished.
 */
export class Broadcast implements Required<Output> {
  readonly #outputs: Set<Output>;
  #firstError: { readonly error: unknown } | undefined;

  constructor(outputs: readonly Output[]) {
    this.#outputs = new Set(outputs);
  }

  start(info: RunInfo): void {
    this.#each(output => output.start?.(info));
  }

  watch(targets: readonly RunningTarget[]): void {
    this.#each(output => output.watch?.(targets));
  }

  tick(snapshot: Snapshot): void {
    this.#each(output => output.tick?.(snapshot));
  }

  notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#each(output => output.notice?.(level, message));
  }

  async finish(report: Report): Promise<void> {
    for (const output of this.#outputs) {
      try {
        await output.finish?.(report);
      } catch (error) {
        this.#firstError ??= { error };
      }
    }
    if (this.#firstError !== undefined) throw this.#firstError.error;
  }

  #each(tell: (output: Output) => void): void {
    for (const output of this.#outputs) {
      try {
        tell(output);
      } catch (error) {
        this.#firstError ??= { error };
        this.#outputs.delete(output);
      }
    }
  }
}
