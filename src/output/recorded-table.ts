import type { ChalkInstance } from 'chalk';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import { plannedAndRecorded } from './planned-and-recorded.ts';
import type { TextStream } from './text-stream.ts';

/** Planned beside recorded, where it was asked what the server recorded. */
export class RecordedTable implements Output {
  readonly #options: { stream: TextStream; chalk: ChalkInstance; currency: string };

  constructor(options: { stream: TextStream; chalk: ChalkInstance; currency: string }) {
    this.#options = options;
  }

  finish({ verification, plan }: Report): void {
    if (verification === null) return;
    const { stream, chalk, currency } = this.#options;
    const recorded = { ...plan };
    for (const name of Object.keys(recorded) as (keyof typeof recorded)[]) {
      const figures = verification.targets.flatMap(target =>
        target.figures.filter(figure => figure.name === name),
      );
      if (figures.length > 0) recorded[name] = figures.reduce((sum, figure) => sum + figure.recorded, 0);
    }
    const width = stream.columns ?? 80;
    stream.write(`\n${plannedAndRecorded(plan, recorded, { chalk, currency, width }).text}\n`);
  }
}
