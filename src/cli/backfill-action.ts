import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chalk } from 'chalk';
import { ExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import { secretMask } from '../base/mask-secrets.ts';
import { backfillWarnings } from '../config/backfill-checks.ts';
import { daysIn, dayText } from '../config/backfill-window.ts';
import type { Flags } from '../config/flag-layer.ts';
import type { LoadedConfig } from '../config/load.ts';
import { toBackfillConfig } from '../config/to-backfill-config.ts';
import type { EmbeddedCollector } from '../config/to-run-config.ts';
import { BackfillEnding } from '../output/backfill-ending.ts';
import type { NamedFile } from '../output/check-files.ts';
import { exceptionsFileBeside } from '../output/exceptions-file.ts';
import { colourLevel } from '../output/terminal.ts';
import type { BackfillConfig } from '../run/backfill/backfill-plan.ts';
import { startBackfill } from '../run/backfill/start-backfill.ts';
import type { Output } from '../run/output.ts';
import type { RunHandle } from '../run/start-run.ts';
import { judgeOf } from '../thresholds/judge-thresholds.ts';
import { windowFindings } from '../validation/window-findings.ts';
import { windowOf } from './backfill-days.ts';
import { type FoundJournal, journalFolder, journalName } from './backfill-journal.ts';
import { loadBackfill, refuseToRepeat } from './backfill-load.ts';
import { archivingCommands, resumeCommand } from './backfill-next-steps.ts';
import type { Context } from './context.ts';
import { drainMs, EXIT_CODES, type Interruption } from './interruption.ts';
import { invalidateReports } from './invalidation.ts';
import { type OutputFiles, outputFilesOf } from './output-files.ts';
import { preflight } from './preflight.ts';
import { openRunMemory, remembering } from './run-memory.ts';
import { openRunMetrics } from './run-metrics.ts';
import { type ChosenOutputs, outputsOf } from './run-outputs.ts';
import { secretsOf } from './run-secrets.ts';
import { type RunVerifier, runVerifier } from './run-verifier.ts';
import { waitForStartSignal } from './start-signal.ts';
import { version } from './version.ts';
import { keepObjectsYoung } from './young-objects.ts';

const DAY_MS = 86_400_000;
const IDLE_MS = 3_600_000;

/** `trafficinator backfill`, once its options are read; and `run` where `BACKFILL_ENABLED` asks for it. */
export async function backfillFromCommandLine(flags: Flags, context: Context): Promise<void> {
  const { cwd } = context;
  const { loaded, journal } = loadBackfill(flags, context);
  const { values } = loaded;
  if (values.dryRun) {
    const { dryRunBackfill } = await import('./backfill-dry-run.ts');
    const config = toBackfillConfig(loaded, windowOf(loaded, [loaded.values.timezone], journal));
    await dryRunBackfill(config, { summaryOnly: values.summary, stdout: context.stdout });
    return;
  }
  if (values.collector && journal !== undefined) {
    throw new Failure(
      'USAGE',
      '--resume is not possible with --collector: that collector ended with its run',
      {
        hint: 'To try it out, send to a collector that stays: trafficinator collector --state FILE.',
      },
    );
  }
  if (values.hits !== undefined) {
    throw new Failure('USAGE', '--hits is for run: a backfill sends whole visits, and no hit of it is due', {
      hint: 'Nothing was sent. What was not accepted stands in the report, and all that was sent in the journal.',
    });
  }
  const files = await outputFilesOf(values, cwd, journalsOf(values.backfill.journal, cwd));
  const embedded = values.collector ? await import('./embedded-collector.ts') : undefined;
  const collector = await embedded?.startEmbeddedCollector(loaded);
  // The collector's visits end with it, and so does what would be gone on with.
  const passing = collector === undefined ? undefined : mkdtempSync(join(tmpdir(), 'trafficinator-'));
  try {
    const place = collector && { url: new URL(collector.url), token: collector.token };
    await backfill({ loaded, flags, journal, collector: place, passing, files, context });
  } finally {
    await collector?.close();
    if (passing !== undefined) rmSync(passing, { recursive: true, force: true });
  }
}

interface Request {
  readonly loaded: LoadedConfig;
  readonly flags: Flags;
  /** That is gone on with. */
  readonly journal: FoundJournal | undefined;
  readonly collector: EmbeddedCollector | undefined;
  /** A folder for a journal that nobody can go on with. */
  readonly passing: string | undefined;
  readonly files: OutputFiles;
  readonly context: Context;
}

async function backfill(request: Request): Promise<void> {
  const { loaded, journal, collector, passing, files, context } = request;
  const { values } = loaded;
  const chalk = new Chalk({ level: colourLevel(context.stderr, context.env, !values.color) });
  const configFor = (timezones: readonly string[]) =>
    toBackfillConfig(loaded, windowOf(loaded, timezones, journal), collector);
  // Which days are meant is known for sure when the sites have told their zones.
  const asConfigured = configFor(loaded.targets.map(target => target.values.timezone ?? values.timezone));
  const secrets = secretsOf(asConfigured, values.metrics.otlpHeaders);
  const ending: Output[] = [];
  const { outputs, tell, verifying, close } = outputsOf({
    values,
    config: asConfigured,
    files: files.made,
    secrets,
    chalk,
    context,
    ending,
  });
  for (const notice of loaded.notices) tell('info', notice);
  for (const warning of loaded.warnings) tell('warn', warning);
  if (journal !== undefined && request.flags.config !== undefined) {
    tell(
      'info',
      `the configuration is the one in ${journal.path}: ${String(request.flags.config)} is not read`,
    );
  }
  for (const warning of backfillWarnings(values, daysIn(asConfigured.backfill))) tell('warn', warning);
  refuseWithoutToken(asConfigured);
  const exceptions = files.report === undefined ? undefined : await exceptionsFileBeside(files.report);
  let verifier: RunVerifier | undefined;
  const metrics = await openRunMetrics(loaded, {
    command: asConfigured.command,
    outputs,
    tell,
    mask: secretMask(secrets),
  });

  const interrupted = new AbortController();
  let handle: RunHandle | undefined;
  let early: Interruption | undefined;
  const stop = (signal: Interruption) =>
    handle?.stop(EXIT_CODES[signal], drainMs(signal, values.drainTimeout));
  const stopListening = context.onSignal(signal => {
    early ??= signal;
    interrupted.abort();
    stop(signal);
    verifier?.interrupt();
  });
  try {
    if (journal?.state.isFinished) {
      tell('info', finishedText(journal));
      if (values.backfill.runOnce) await idle(tell, interrupted.signal);
      return;
    }
    if (journal === undefined) refuseToRepeat(journalPathOf(request, asConfigured), values.force);
    const memory =
      collector === undefined ? await openRunMemory(context, message => tell('warn', message)) : undefined;
    const checked =
      memory === undefined || values.skipValidation
        ? undefined
        : await preflight(asConfigured, {
            context,
            memory,
            isSure: values.yes,
            verifies: values.verify,
            tell,
            mask: secretMask(secrets),
            signal: interrupted.signal,
          });
    const timezones = asConfigured.targets.map(
      ({ name, timezone }) => checked?.sites.get(name)?.timezone ?? timezone ?? values.timezone,
    );
    const config = configFor(timezones);
    if (values.verify || collector !== undefined) {
      verifier = runVerifier({
        config,
        reportPath: files.report,
        strict: values.strict,
        waitSeconds: values.wait,
        progressView: verifying,
        warn: message => tell('warn', message),
      });
    }
    // Of a journal they were told when it was begun.
    for (const [at, { name }] of journal === undefined ? config.targets.entries() : []) {
      const timezone = timezones[at] ?? values.timezone;
      const found = windowFindings(config.backfill, checked?.sites.get(name), timezone, Date.now());
      for (const { message } of found) tell('warn', `${name}: ${message}`);
    }
    if (!values.autoStart) {
      const path = resolve(context.cwd, values.startSignalFile);
      tell('info', `waiting for ${path}`);
      await waitForStartSignal(path, values.startCheckInterval * 1000, interrupted.signal);
    }
    if (early !== undefined) {
      tell('info', 'nothing was sent');
      context.exitWith(EXIT_CODES[early]);
      return;
    }
    const journalPath = journalPathOf(request, config);
    if (journal === undefined) refuseToRepeat(journalPath, values.force);
    if (!values.quiet && values.logFormat === 'text') {
      ending.push(
        new BackfillEnding({
          stream: context.stderr,
          chalk,
          resume: passing === undefined ? resumeCommand(context.cwd, journalPath) : undefined,
          archiving: collector === undefined ? archivingCommands(config) : [],
        }),
      );
    }
    handle = startBackfill(config, {
      ...(checked && { known: checked.known }),
      outputs: [
        ...metrics.outputs,
        ...(exceptions === undefined ? [] : [exceptions]),
        ...remembering(memory, config.targets),
        { start: keepObjectsYoung },
      ],
      journalPath,
      resume: journal !== undefined,
      force: values.force,
      judge: judgeOf(values.thresholds),
      drainMs: drainMs('SIGINT', values.drainTimeout),
      settleAfterSeconds: values.backfill.settleAfter,
      version: version(),
      mask: secretMask(secrets),
      ...(exceptions && { exceptions }),
      ...(verifier && { verify: verifier.verify }),
    });
    if (early !== undefined) stop(early);
    const report = await handle.done;
    context.exitWith(report.exitCode);
    close();
    await metrics.linger(interrupted.signal);
    if (report.exitCode !== ExitCode.Done) return;
    if (values.invalidate) {
      const days = daysOf(config);
      for (const target of config.targets) await invalidateReports(target, days, tell, interrupted.signal);
    }
    if (values.backfill.runOnce) await idle(tell, interrupted.signal);
  } finally {
    stopListening();
    close();
    await metrics.close();
  }
}

/** No output may be written over what a backfill goes on from. */
function journalsOf(name: string | undefined, cwd: string): NamedFile[] {
  return name === undefined ? [] : [{ name: '--journal', path: resolve(cwd, name), use: 'kept' }];
}

function journalPathOf(
  { journal, passing, flags, loaded, context }: Request,
  config: BackfillConfig,
): string {
  if (journal !== undefined) return journal.path;
  const named = loaded.values.backfill.journal;
  if (named !== undefined && passing === undefined) return resolve(context.cwd, named);
  return join(passing ?? journalFolder(flags, context.cwd), journalName(config));
}

function refuseWithoutToken({ targets }: BackfillConfig): void {
  const names = targets.filter(({ token }) => token === undefined).map(({ name }) => name);
  if (names.length === 0) return;
  throw new Failure('USAGE', `a backfill needs a token with write access: ${names.join(', ')} has none`, {
    hint: 'Matomo takes nothing older than a day without one. Set MATOMO_TOKEN_AUTH in the environment or in .env. Nothing was sent.',
  });
}

function finishedText({ path, state: { header } }: FoundJournal): string {
  const { firstDay, lastDay } = header.window;
  return `nothing is left to do: ${firstDay} to ${lastDay} have been filled (${path})`;
}

/** `BACKFILL_RUN_ONCE`: a container that ended would be started again. */
async function idle(tell: ChosenOutputs['tell'], signal: AbortSignal): Promise<void> {
  tell('info', 'done, and idle until it is stopped (BACKFILL_RUN_ONCE)');
  while (!signal.aborted) await sleep(IDLE_MS, undefined, { signal }).catch(() => {});
}

function daysOf({ backfill: window }: BackfillConfig): string[] {
  const first = Date.parse(window.firstDay) / DAY_MS;
  return Array.from({ length: daysIn(window) }, (_, at) => dayText(first + at));
}
