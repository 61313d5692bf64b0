import { Failure } from '../base/failure.ts';
import type { LoadedConfig } from '../config/load.ts';
import { duration } from '../output/number-format.ts';
import type { Output } from '../run/output.ts';
import type { ChosenOutputs } from './run-outputs.ts';
import { version } from './version.ts';

/** Where nobody says how long: twice what scrapers commonly take between two visits. */
const LINGER_SECONDS = 30;

interface MetricsRequest {
  readonly command: string;
  /** What else the run is shown to: told of what happens meanwhile. */
  readonly outputs: readonly Output[];
  readonly tell: ChosenOutputs['tell'];
  /** Takes the headers' values out of what a receiver said. */
  readonly mask: (text: string) => string;
}

/** What lets others see a run as it goes. */
export interface RunMetrics {
  /** All of `outputs`, and what is needed before and after them. */
  readonly outputs: readonly Output[];
  /** Lets the last values be read before the process ends; no longer than until `signal`. */
  linger(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens what the configuration asks for: an endpoint that Prometheus reads, and what pushes by OTLP.
 *
 * @throws Failure PORT_UNAVAILABLE, PACKAGE_MISSING
 */
export async function openRunMetrics(
  loaded: LoadedConfig,
  { command, outputs, tell, mask }: MetricsRequest,
): Promise<RunMetrics> {
  const { listen, linger, otlp, otlpHeaders = {}, otlpInterval } = loaded.values.metrics;
  if (listen === undefined && otlp === undefined) {
    return { outputs, linger: async () => {}, close: async () => {} };
  }
  // Loaded where it is asked for: most runs need none of it.
  const { MeasuredRun } = await import('../output/metrics/measured-run.ts');
  const run = new MeasuredRun({ command, version: version() });
  const warn = (message: string) => {
    for (const output of outputs) output.notice?.('warn', mask(message));
  };
  const push =
    otlp === undefined
      ? undefined
      : await openPush(loaded, {
          url: otlp,
          headers: otlpHeaders,
          intervalSeconds: otlpInterval,
          run,
          warn,
          tell,
        });
  const endpoint =
    listen === undefined
      ? undefined
      : await import('../output/metrics/metrics-endpoint.ts').then(({ startMetricsEndpoint }) =>
          startMetricsEndpoint(listen, run),
        );
  if (endpoint !== undefined) {
    const others = listen?.host === undefined ? ', for other machines too' : '';
    tell('info', `metrics are at ${endpoint.url}${others}`);
  }
  return {
    outputs: [run, ...outputs, ...(push === undefined ? [] : [push])],
    async linger(signal) {
      const seconds = linger ?? (endpoint?.wasRead ? LINGER_SECONDS : 0);
      if (endpoint === undefined || endpoint.wasLastRead || seconds === 0 || signal.aborted) return;
      tell('info', `waiting up to ${duration(seconds)} until the last metrics were read; Ctrl-C ends that`);
      await endpoint.lastRead(seconds * 1000, signal);
    },
    async close() {
      push?.close();
      await endpoint?.close();
    },
  };
}

type PushRequest = Parameters<typeof import('../output/metrics/otlp.ts').openOtlpPush>[0] &
  Pick<MetricsRequest, 'tell'>;

/** A variable that is there for other programs is no reason not to run. */
async function openPush(loaded: LoadedConfig, { tell, ...options }: PushRequest) {
  const { openOtlpPush } = await import('../output/metrics/otlp.ts');
  try {
    return await openOtlpPush(options);
  } catch (error) {
    const { origin } = loaded.settings.find(({ leaf }) => leaf.path === 'metrics.otlp') ?? {};
    if (!(error instanceof Failure) || error.code !== 'PACKAGE_MISSING' || origin?.kind !== 'environment') {
      throw error;
    }
    tell('info', `OTEL_EXPORTER_OTLP_ENDPOINT is set, and no metrics are pushed: ${error.message}`);
    return undefined;
  }
}
