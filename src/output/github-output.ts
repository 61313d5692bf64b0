import { appendFile } from 'node:fs/promises';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import { type Annotation, annotationsOf, workflowCommand } from './github-annotations.ts';
import { stepSummary } from './step-summary.ts';
import type { TextStream } from './text-stream.ts';
import { whyUnwritable } from './write-atomically.ts';

export interface GitHubOutputOptions {
  /** GitHub looks for annotations on both streams; this is the one that has no data. */
  readonly stream: TextStream;
  /** Which annotations are told there. */
  readonly levels: readonly Annotation['level'][];
  /** `GITHUB_STEP_SUMMARY` */
  readonly summaryPath: string | undefined;
  /** Takes secrets out. */
  readonly mask: (text: string) => string;
  /** What there is to look at; default: of the whole run. */
  readonly annotations?: (report: Report) => readonly Annotation[];
}

/** What a job on GitHub shows of a run: annotations, and a summary of the step. Nobody asked for it: it never fails a run. */
export class GitHubOutput implements Output {
  readonly #options: GitHubOutputOptions;

  constructor(options: GitHubOutputOptions) {
    this.#options = options;
  }

  async finish(report: Report): Promise<void> {
    const { stream, levels, summaryPath, mask, annotations = annotationsOf } = this.#options;
    for (const annotation of annotations(report)) {
      if (!levels.includes(annotation.level)) continue;
      // Masked before it is escaped: an escaped secret would not be recognised.
      const shown = { ...annotation, message: mask(annotation.message) };
      stream.write(`${workflowCommand(shown)}\n`);
    }
    if (summaryPath === undefined) return;
    try {
      await appendFile(summaryPath, stepSummary(report, mask));
    } catch (error) {
      const why = whyUnwritable(error, summaryPath);
      const message = `cannot write the step summary to ${summaryPath}: ${why}`;
      stream.write(`${workflowCommand({ level: 'warning', title: 'summary', message })}\n`);
    }
  }
}
