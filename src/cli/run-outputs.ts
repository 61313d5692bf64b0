import type { ChalkInstance } from 'chalk';
import type { Settings } from '../config/schema.ts';
import type { HitsFile } from '../output/hits-file.ts';
import { JsonReportStream } from '../output/json-report.ts';
import { LiveView } from '../output/live-view.ts';
import { Log } from '../output/log.ts';
import { type NoticeLevel, noticeLine } from '../output/notice-line.ts';
import { ProgressLines } from '../output/progress-lines.ts';
import { type ReportFile, ReportFiles } from '../output/report-files.ts';
import { RunLog } from '../output/run-log.ts';
import { Summary } from '../output/summary.ts';
import { canRedraw } from '../output/terminal.ts';
import { endedByRequest, exitReason } from '../output/verdict.ts';
import { VerificationProgressView } from '../output/verification-progress-view.ts';
import { VerificationTable } from '../output/verification-table.ts';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { Context } from './context.ts';
import { currenciesOf } from './currencies.ts';
import { githubOutput } from './github.ts';

interface OutputRequest {
  readonly values: Settings;
  readonly config: RunConfig;
  /** Made of the report at the end. */
  readonly files: readonly ReportFile[];
  /** Gets every hit. */
  readonly hits?: HitsFile | undefined;
  readonly secrets: readonly string[];
  readonly chalk: ChalkInstance;
  readonly context: Context;
  /** Below the summary. It may be filled until the end. */
  readonly ending?: readonly Output[];
}

export interface ChosenOutputs {
  readonly outputs: readonly Output[];
  /** Says something before the run begins. */
  readonly tell: (level: NoticeLevel, message: string) => void;
  /** Takes the place of the run's progress while its end is verified; undefined where none is shown. */
  readonly verifying: () => VerificationProgressView | undefined;
  /** Gives the terminal back, also where a run throws. */
  readonly close: () => void;
}

/** What a run is shown and written to: the report on stdout or in a file, everything else on stderr. */
export function outputsOf({
  values,
  config,
  files,
  hits,
  secrets,
  chalk,
  context,
  ending: below = [],
}: OutputRequest): ChosenOutputs {
  const stream = context.stderr;
  const outputs: Output[] = [];
  const made = new ReportFiles(files, {
    rescue: stream,
    elsewhere: values.json ? 'The report is on stdout.' : undefined,
  });
  outputs.push(made);
  if (hits !== undefined) outputs.push(hits);
  if (values.json) outputs.push(new JsonReportStream(context.stdout));

  // Below all else: a job shows them apart.
  const github = githubOutput({ ...values, secrets }, context);
  const level = values.quiet ? 'error' : values.logLevel;
  const log = new Log({ stream, level, format: values.logFormat, secrets, chalk });
  if (values.logFormat === 'json') {
    return {
      outputs: [...outputs, new RunLog(log), ...github],
      tell: (severity, message) => log.write(severity, message),
      verifying: () => new VerificationProgressView({ stream, redraws: false, say: text => log.info(text) }),
      close: () => {},
    };
  }
  const tell = (severity: NoticeLevel, message: string) => {
    if (log.shows(severity)) {
      stream.write(`${noticeLine(severity, message, undefined, chalk, stream.columns)}\n`);
    }
  };
  if (values.quiet) {
    const onlyErrors: Output = {
      notice: tell,
      finish(report) {
        const reason = endedByRequest(report) ? undefined : exitReason(report);
        if (reason !== undefined) tell('error', reason);
      },
    };
    return {
      outputs: [...outputs, onlyErrors, ...github],
      tell,
      verifying: () => undefined,
      close: () => {},
    };
  }

  const currency = config.traffic.ecommerce.currency;
  const currencies = currenciesOf(config);
  const ending = [
    new VerificationTable({ stream, chalk, currencies }),
    new Summary({
      stream,
      chalk,
      currency,
      currencies,
      files: () => [...made.written, ...(hits?.written === undefined ? [] : [hits.written])],
    }),
    { finish: (report: Report) => finishAll(below, report) },
  ];
  if (values.progress && canRedraw(stream, context.env)) {
    const view = new LiveView({ stream, chalk, command: config.command });
    let drawn: LiveView | VerificationProgressView = view;
    const stopListening = context.onSuspend(() => drawn.suspend());
    const verifying = () => {
      view.close();
      const progress = new VerificationProgressView({ stream, redraws: true });
      drawn = progress;
      return progress;
    };
    const close = () => {
      stopListening();
      view.close();
    };
    return { outputs: [view, ...outputs, ...ending, ...github], tell, verifying, close };
  }
  const going: Output = values.progress
    ? new ProgressLines({ stream, chalk })
    : { notice: (severity, message) => tell(severity, message) };
  const verifying = () =>
    values.progress ? new VerificationProgressView({ stream, redraws: false }) : undefined;
  return { outputs: [going, ...outputs, ...ending, ...github], tell, verifying, close: () => {} };
}

async function finishAll(outputs: readonly Output[], report: Report): Promise<void> {
  for (const output of outputs) await output.finish?.(report);
}
