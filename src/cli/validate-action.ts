import { Chalk } from 'chalk';
import { ExitCode } from '../base/exit-codes.ts';
import { secretMask } from '../base/mask-secrets.ts';
import { shortText } from '../base/short-text.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { toBackfillConfig } from '../config/to-backfill-config.ts';
import { toRunConfig } from '../config/to-run-config.ts';
import { colourLevel } from '../output/terminal.ts';
import {
  unconnectedDocument,
  type ValidationDocument,
  validationDocument,
} from '../output/validation-json.ts';
import { validationLines, verdictLine } from '../output/validation-lines.ts';
import type { RunConfig } from '../run/run-config.ts';
import { hasError } from '../validation/finding.ts';
import { type TargetValidation, validateTargets } from '../validation/validate-target.ts';
import { windowFindings } from '../validation/window-findings.ts';
import { windowOf } from './backfill-days.ts';
import type { Context } from './context.ts';
import { openRunMemory } from './run-memory.ts';
import { secretsOf } from './run-secrets.ts';

const EXIT_CODES = { SIGINT: ExitCode.Interrupted, SIGTERM: ExitCode.Terminated } as const;

/** What takes longer says what it is about. */
const SILENT_MS = 1000;
/** Of a pipe or a file. */
const WIDTH = 100;

/** `trafficinator validate`, once its options are read. */
export async function validateFromCommandLine(
  flags: Readonly<Record<string, string | boolean>>,
  { skipConnection }: { readonly skipConnection: boolean },
  context: Context,
): Promise<void> {
  const { env, cwd, stdout } = context;
  const request = { flags, env, cwd, tellsOfTokens: skipConnection, begins: false };
  const asRun = loadConfig(request);
  const isBackfill = asksForDays(asRun);
  const loaded = isBackfill ? loadConfig({ ...request, command: 'backfill' }) : asRun;
  const { values } = loaded;
  const config = isBackfill
    ? { ...toBackfillConfig(loaded, windowOf(loaded, zonesOf(loaded), undefined)), command: 'validate' }
    : toRunConfig(loaded, { command: 'validate' });
  const configuration = { notices: loaded.notices, warnings: loaded.warnings };
  if (!values.quiet) tellOfConfiguration(loaded, context);
  const chalk = new Chalk({ level: colourLevel(stdout, env, !values.color) });
  if (skipConnection) {
    if (values.json) writeJson(unconnectedDocument(configuration, config.targets), context);
    else stdout.write(`${chalk.green('✓')} the configuration holds; nothing was connected to\n`);
    return;
  }
  const answers = await asked(config, values.quiet, context);
  if (answers === undefined) return;
  const targets = isBackfill ? withFindingsOfDays(answers, loaded) : answers;
  if (values.json) {
    writeJson(validationDocument(configuration, targets), context);
  } else {
    const look = { chalk, width: stdout.columns ?? WIDTH };
    const lines = [...validationLines(targets, look), verdictLine(targets, look)];
    stdout.write(`${lines.join('\n')}\n`);
  }
  const isWrong = targets.some(({ findings }) => hasError(findings));
  context.exitWith(isWrong ? ExitCode.ValidationFailed : ExitCode.Done);
}

/** Whether what is validated is a backfill. */
function asksForDays({ values: { backfill } }: LoadedConfig): boolean {
  const { enabled, from, to, daysBack, days } = backfill;
  return enabled || [from, to, daysBack, days].some(said => said !== undefined);
}

function zonesOf({ targets, values }: LoadedConfig): string[] {
  return targets.map(target => target.values.timezone ?? values.timezone);
}

/** @throws Failure CONFIG_INVALID for days that are to come where a site is */
function withFindingsOfDays(
  targets: readonly TargetValidation[],
  loaded: LoadedConfig,
): readonly TargetValidation[] {
  const zones = zonesOf(loaded).map((zone, at) => targets[at]?.site?.timezone ?? zone);
  const window = windowOf(loaded, zones, undefined);
  return targets.map((target, at) => ({
    ...target,
    findings: [
      ...target.findings,
      ...windowFindings(window, target.site, zones[at] ?? loaded.values.timezone, Date.now()),
    ],
  }));
}

function tellOfConfiguration({ notices, warnings }: LoadedConfig, { stderr }: Context): void {
  for (const text of notices) stderr.write(`note: ${text}\n`);
  for (const text of warnings) stderr.write(`warning: ${text}\n`);
}

/** Undefined where it was interrupted. */
async function asked(
  config: RunConfig,
  isQuiet: boolean,
  context: Context,
): Promise<readonly TargetValidation[] | undefined> {
  const warn = (message: string) => {
    if (!isQuiet) context.stderr.write(`warning: ${message}\n`);
  };
  const memory = await openRunMemory(context, warn);
  const interrupted = new AbortController();
  const stopListening = context.onSignal(signal => {
    context.exitWith(EXIT_CODES[signal]);
    interrupted.abort();
  });
  const names = config.targets.map(({ name }) => name).join(', ');
  const slow = setTimeout(() => {
    if (!isQuiet) context.stderr.write(`asking ${names} …\n`);
  }, SILENT_MS);
  try {
    const targets = await validateTargets(config, {
      signal: interrupted.signal,
      runsSentTo: target => memory.runsSentTo(target),
    });
    return interrupted.signal.aborted ? undefined : targets.map(target => withoutSecrets(target, config));
  } finally {
    clearTimeout(slow);
    stopListening();
  }
}

/** A server may say a token back. */
function withoutSecrets(target: TargetValidation, config: RunConfig): TargetValidation {
  const mask = secretMask(secretsOf(config));
  return {
    ...target,
    findings: target.findings.map(found => ({ ...found, message: shortText(mask(found.message)) })),
  };
}

function writeJson(document: ValidationDocument, { stdout }: Context): void {
  stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
