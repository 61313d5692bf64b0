import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import { secretMask } from '../base/mask-secrets.ts';
import { readTextFile } from '../config/read-file.ts';
import { reportConfig } from '../config/report-config.ts';
import { reportTokens } from '../config/report-tokens.ts';
import { variableLookup } from '../config/sources.ts';
import { scriptUrl, urlProblem } from '../config/tracking-url.ts';
import { duration } from '../config/value-types.ts';
import { annotationsOfVerification } from '../output/github-annotations.ts';
import { noticeLine } from '../output/notice-line.ts';
import { ReportFiles } from '../output/report-files.ts';
import { canRedraw, colourLevel } from '../output/terminal.ts';
import { thresholdLines } from '../output/threshold-lines.ts';
import { verdictLines, verificationLines } from '../output/verification-lines.ts';
import { VerificationProgressView } from '../output/verification-progress-view.ts';
import { checkWritable, whyUnwritable, writeAtomically } from '../output/write-atomically.ts';
import type { Report, Verification } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import { verifiedReport } from '../run/verified-report.ts';
import { isOfVerification, judgedAgain } from '../thresholds/judge-thresholds.ts';
import { type VerifyRequest, verifyRun } from '../verification/verify-run.ts';
import type { Context } from './context.ts';
import { currenciesOf } from './currencies.ts';
import { githubOutput } from './github.ts';
import { outputFilesOf } from './output-files.ts';
import { readReport } from './read-report.ts';
import { secretsOf } from './run-secrets.ts';
import { savedExceptions } from './saved-exceptions.ts';
import { version } from './version.ts';

export interface VerifyFlags {
  readonly method: VerifyRequest['method'];
  readonly strict?: boolean;
  readonly wait: string;
  readonly tokenEnv: readonly string[];
  readonly envFile?: string;
  readonly apiUrl?: string;
  readonly timeout?: string;
  readonly write: boolean;
  readonly html?: string;
  readonly junit?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: boolean;
  readonly color: boolean;
}

const EXIT_CODES = { SIGINT: ExitCode.Interrupted, SIGTERM: ExitCode.Terminated } as const;
/** Where there is no terminal to ask. */
const COLUMNS = 120;

/** `trafficinator verify`, once its options are read. */
export async function verifyFromCommandLine(
  path: string,
  flags: VerifyFlags,
  context: Context,
): Promise<void> {
  const { cwd, env, stderr } = context;
  const waitMs = seconds('--wait', flags.wait, 0) * 1000;
  const file = resolve(cwd, path);
  const { report, json } = readReport(path, cwd);
  if (report.run.command === 'backfill') refuseUnverifiable(report, path, flags);
  if (flags.write) await checkReplaceable(file);
  const kept = [{ name: 'the report', path: file, use: 'kept' as const }];
  const names = { html: flags.html, junit: flags.junit };
  const { made } = await outputFilesOf(names, cwd, kept, 'Nothing was asked.');
  const envFlags = flags.envFile === undefined ? {} : { envFile: flags.envFile };
  const lookup = variableLookup({ flags: envFlags, env, cwd, readFile: readTextFile });
  const tokens = reportTokens(report, flags.tokenEnv, lookup);
  const { config: ofRun, warnings } = reportConfig(report, { file: path, cwd, lookup, tokens });
  const config = reachedAs(ofRun, flags);

  const chalk = new Chalk({ level: colourLevel(stderr, env, !flags.color) });
  const warn = (message: string) => {
    if (!flags.quiet) stderr.write(`${noticeLine('warn', message, undefined, chalk, stderr.columns)}\n`);
  };
  for (const warning of warnings) warn(warning);
  if (report.run.version !== version()) {
    warn(
      `the run was one of trafficinator ${report.run.version}, and this is ${version()}, which may plan otherwise`,
    );
  }
  const notAsked: Failure[] = [];
  const request = {
    ...{ config, report, exceptions: savedExceptions(file, report), tokens, waitMs },
    mask: secretMask([...tokens.values(), ...secretsOf(config)]),
    notAsked: (failure: Failure) => void notAsked.push(failure),
  };
  const verification = await verified(
    { ...request, method: flags.method, strict: flags.strict === true },
    flags,
    context,
  );
  if (verification === undefined) return;

  const told = verifiedReport(report, verification, { judge: judgedAgain });
  const { exitCode, thresholds, days } = told;
  if (flags.write) {
    const changed = { ...json, ...(days && { days }), verification, thresholds, exitCode };
    await replace(file, `${JSON.stringify(changed, null, 2)}\n`);
  }
  const files = new ReportFiles(made, { rescue: stderr, elsewhere: 'The report is where it was.' });
  // The others were judged at the end of the run, and nothing that was asked now changes them.
  const ofVerification = thresholds.filter(isOfVerification);
  if (flags.json) context.stdout.write(`${JSON.stringify(verification, null, 2)}\n`);
  if (!flags.quiet) {
    const options = { chalk, width: stderr.columns || COLUMNS, currencies: currenciesOf(config) };
    const lines = [
      ...verificationLines(verification, options),
      ...thresholdLines(ofVerification, options.width, chalk),
      ...verdictLines(verification, options),
    ];
    stderr.write(`${lines.join('\n')}\n`);
  }
  const github = githubOutput(
    {
      quiet: flags.quiet === true,
      logFormat: 'text',
      secrets: [...tokens.values(), ...secretsOf(config)],
      // The run before it has told the rest.
      annotations: () => annotationsOfVerification(verification),
    },
    context,
  );
  for (const output of github) await output.finish(told);
  await files.finish(told);
  const written = [...(flags.write ? [path] : []), ...files.written];
  if (!flags.quiet && written.length > 0) stderr.write(`report  ${written.join(', ')}\n`);
  for (const { message, hint } of notAsked) stderr.write(`error: ${message}\n${hint}\n`);
  const unanswered = notAsked.length > 0 ? ExitCode.ValidationFailed : ExitCode.Done;
  context.exitWith(
    worstExitCode(
      new Set([
        ...(ofVerification.every(({ passed }) => passed) ? [] : [ExitCode.ThresholdFailed]),
        ...(verification.passed === false ? [ExitCode.VerificationFailed] : []),
      ]),
    ) || unanswered,
  );
}

/** @throws Failure USAGE, FILE_INVALID */
function refuseUnverifiable({ backfill }: Report, path: string, { method }: VerifyFlags): void {
  if (method === 'totals') {
    throw new Failure('USAGE', `${path} is of a backfill, whose days had no totals asked before it`, {
      hint: 'List its visits instead (--method visits): that goes day by day, however many there are.',
    });
  }
  if (backfill !== undefined) return;
  throw new Failure('FILE_INVALID', `${path} is of a backfill and does not say which days it filled`, {
    hint: 'An older trafficinator wrote it. Its days and what was accepted of them stand in it.',
  });
}

/** Undefined: interrupted, with the exit code told. */
async function verified(
  request: VerifyRequest,
  flags: VerifyFlags,
  { env, stderr, onSignal, onSuspend, exitWith }: Context,
): Promise<Verification | undefined> {
  const interrupted = new AbortController();
  const view =
    flags.progress && !flags.quiet
      ? new VerificationProgressView({ stream: stderr, redraws: canRedraw(stderr, env) })
      : undefined;
  const stopListening = onSignal(signal => {
    interrupted.abort();
    exitWith(EXIT_CODES[signal]);
  });
  const stopSuspending = onSuspend(() => view?.suspend());
  try {
    const { signal } = interrupted;
    const verification = await verifyRun({ ...request, signal, ...(view && { progress: view.show }) });
    if (!signal.aborted) return verification;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
  } finally {
    view?.close();
    stopListening();
    stopSuspending();
  }
  if (!flags.quiet) stderr.write('interrupted: nothing was verified, and the report is as it was\n');
  return undefined;
}

/** The run's configuration, for a server that is reached otherwise now. */
function reachedAs(config: RunConfig, { apiUrl, timeout }: VerifyFlags): RunConfig {
  const timeoutSeconds = timeout === undefined ? undefined : seconds('--timeout', timeout, 0.001);
  if (apiUrl !== undefined) {
    const rule = urlProblem(apiUrl);
    if (rule !== undefined) throw new Failure('USAGE', `--api-url ${rule}`);
    if (config.targets.length > 1) {
      throw new Failure('USAGE', `--api-url is of one target, and the run had ${config.targets.length}`);
    }
  }
  return {
    ...config,
    targets: config.targets.map(target => ({
      ...target,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      ...(apiUrl !== undefined && { apiUrl: scriptUrl(apiUrl, 'index.php') }),
    })),
  };
}

function seconds(flag: string, text: string, least: number): number {
  const parsed = duration(least, 86_400).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Failure('USAGE', `${flag} ${text} is no time: give one such as 30s, 10m or 1h`);
}

async function checkReplaceable(file: string): Promise<void> {
  try {
    await checkWritable(file);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, error.message, {
      hint: '--no-write leaves the report as it is.',
      cause: error,
    });
  }
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await writeAtomically(file, text);
  } catch (error) {
    throw new Failure('REPORT_NOT_WRITTEN', `cannot write ${file}: ${whyUnwritable(error, file)}`, {
      hint: 'The report is as it was.',
      cause: error,
    });
  }
}
