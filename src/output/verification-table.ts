import type { ChalkInstance } from 'chalk';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import type { TextStream } from './text-stream.ts';
import { verificationLines } from './verification-lines.ts';

/** Where there is no terminal to ask. */
const COLUMNS = 120;

export interface VerificationTableOptions {
  readonly stream: TextStream;
  readonly chalk: ChalkInstance;
  /** Of the revenue, by target. */
  readonly currencies: ReadonlyMap<string, string>;
}

/** Planned beside recorded at the end of a run that was verified; the verdict stands in the summary. */
export class VerificationTable implements Output {
  readonly #options: VerificationTableOptions;

  constructor(options: VerificationTableOptions) {
    this.#options = options;
  }

  finish({ verification }: Report): void {
    if (verification === null) return;
    const { stream, chalk, currencies } = this.#options;
    const width = stream.columns || COLUMNS;
    const lines = verificationLines(verification, { chalk, width, currencies });
    if (lines.length > 0) stream.write(`\n${lines.join('\n')}\n`);
  }
}
