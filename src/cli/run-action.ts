import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import { Failure } from '../base/failure.ts';
import { secretMask } from '../base/mask-secrets.ts';
import type { Collector } from '../collector/collector.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { toRunConfig } from '../config/to-run-config.ts';
import { exceptionsFileBeside } from '../output/exceptions-file.ts';
import { HitsFile } from '../output/hits-file.ts';
import { colourLevel } from '../output/terminal.ts';
import type { RunConfig } from '../run/run-config.ts';
import { type RunHandle, startRun } from '../run/start-run.ts';
import { workerCount } from '../run/workers/worker-count.ts';
import { judgeOf } from '../thresholds/judge-thresholds.ts';
import type { Context } from './context.ts';
import { emptySites } from './empty-sites.ts';
import { drainMs, EXIT_CODES, type Interruption } from './interruption.ts';
import { type OutputFiles, outputFilesOf } from './output-files.ts';
import { openRunMemory, remembering } from './run-memory.ts';
import { openRunMetrics } from './run-metrics.ts';
import { outputsOf } from './run-outputs.ts';
import { secretsOf } from './run-secrets.ts';
import { waitForStartSignal } from './start-signal.ts';
import { version } from './version.ts';
import { keepObjectsYoung } from './young-objects.ts';

/** Shards that start together start a little apart: what is due by then goes out late, and the report says so. */
const LATEST_START_MS = 60_000;

/** `trafficinator run`, once its options are read. */
export async function runFromCommandLine(
  flags: Readonly<Record<string, string | boolean>>,
  context: Context,
): Promise<void> {
  const loaded = loadConfig({ flags, env: context.env, cwd: context.cwd });
  if (loaded.values.backfill.enabled) {
    const { backfillFromCommandLine } = await import('./backfill-action.ts');
    await backfillFromCommandLine(flags, context);
    return;
  }
  if (loaded.values.dryRun) {
    const { dryRun } = await import('./dry-run.ts');
    await dryRun(toRunConfig(loaded, { command: 'run' }), {
      summaryOnly: loaded.values.summary,
      stdout: context.stdout,
    });
    return;
  }
  const files = await outputFilesOf(loaded.values, context.cwd);

  // Loaded where it is asked for: its tables of devices take as long as all else together.
  const embedded = loaded.values.collector ? await import('./embedded-collector.ts') : undefined;
  const collector = await embedded?.startEmbeddedCollector(loaded);
  try {
    const config = toRunConfig(loaded, {
      command: 'run',
      ...(collector && { collector: { url: new URL(collector.url), token: collector.token } }),
    });
    await run(config, loaded, collector, files, context);
  } finally {
    await collector?.close();
  }
}

async function run(
  config: RunConfig,
  loaded: LoadedConfig,
  collector: Collector | undefined,
  files: OutputFiles,
  context: Context,
): Promise<void> {
  const { values } = loaded;
  const workers = workerCount(config, values.workers, availableParallelism());
  const secrets = secretsOf(config, values.metrics.otlpHeaders);
  const chalk = new Chalk({ level: colourLevel(context.stderr, context.env, !values.color) });
  const hits = files.hits === undefined ? undefined : new HitsFile(files.hits);
  const { outputs, tell, verifying, close } = outputsOf({
    values,
    config,
    files: files.made,
    hits,
    secrets,
    chalk,
    context,
  });
  const exceptions = files.report === undefined ? undefined : await exceptionsFileBeside(files.report);
  for (const notice of loaded.notices) tell('info', notice);
  for (const warning of loaded.warnings) tell('warn', warning);
  if (values.workers === 'auto') {
    tell('info', `--workers auto: ${workers === 1 ? 'one thread' : `${workers} threads`}`);
  }
  if (config.startEpochMs !== undefined) refuseLateStart(config.startEpochMs);
  const metrics = await openRunMetrics(loaded, {
    command: config.command,
    outputs,
    tell,
    mask: secretMask(secrets),
  });

  const verifier =
    values.verify || collector !== undefined
      ? (await import('./run-verifier.ts')).runVerifier({
          config,
          reportPath: files.report,
          strict: values.strict,
          waitSeconds: values.wait,
          progressView: verifying,
          warn: message => tell('warn', message),
        })
      : undefined;

  const interrupted = new AbortController();
  let handle: RunHandle | undefined;
  let early: Interruption | undefined;
  const stopListening = context.onSignal(signal => {
    early ??= signal;
    interrupted.abort();
    handle?.stop(EXIT_CODES[signal], drainMs(signal, values.drainTimeout));
    verifier?.interrupt();
  });
  try {
    const memory =
      collector === undefined ? await openRunMemory(context, message => tell('warn', message)) : undefined;
    const checked =
      memory === undefined || values.skipValidation
        ? undefined
        : await (await import('./preflight.ts')).preflight(config, {
            context,
            memory,
            isSure: values.yes,
            verifies: values.verify,
            tell,
            mask: secretMask(secrets),
            signal: interrupted.signal,
          });
    if (early !== undefined && checked?.isUnanswered) {
      tell('info', 'nothing was sent');
      context.exitWith(EXIT_CODES[early]);
      return;
    }
    if (!values.autoStart) {
      const path = resolve(context.cwd, values.startSignalFile);
      tell('info', `waiting for ${path}`);
      await waitForStartSignal(path, values.startCheckInterval * 1000, interrupted.signal);
    }
    handle = startRun(config, {
      ...checked,
      ...(collector && { totalsBefore: emptySites(config, Date.now()) }),
      outputs: [
        ...metrics.outputs,
        ...(exceptions === undefined ? [] : [exceptions]),
        ...remembering(memory, config.targets),
        { start: keepObjectsYoung },
      ],
      ...(exceptions && { exceptions }),
      ...(hits && { hits }),
      workers: { count: workers, secrets },
      version: version(),
      judge: judgeOf(values.thresholds),
      drainMs: drainMs('threshold', values.drainTimeout),
      mask: secretMask(secrets),
      ...(verifier && { verify: report => verifier.verify(report) }),
    });
    // Stopped while it waited for the start signal: nothing is sent, and the report says so.
    if (early !== undefined) handle.stop(EXIT_CODES[early], drainMs(early, values.drainTimeout));
    const report = await handle.done;
    context.exitWith(report.exitCode);
    await metrics.linger(interrupted.signal);
  } finally {
    stopListening();
    close();
    await metrics.close();
  }
}

/** A plan that began long ago would be sent at once, and dated in the past. */
function refuseLateStart(startEpochMs: number): void {
  const lateMs = Date.now() - startEpochMs;
  if (lateMs <= LATEST_START_MS) return;
  throw new Failure(
    'CONFIG_INVALID',
    `startAt is ${new Date(startEpochMs).toISOString()}, which is over: nothing can be sent then`,
    {
      hint: 'Leave it out to begin now, or plan without sending with --dry-run.',
    },
  );
}
