import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { within } from '../../run/deferred.ts';
import type { Output } from '../../run/output.ts';
import type { MeasuredRun } from './measured-run.ts';
import { metrics } from './metrics-table.ts';
import { otlpData } from './otlp-data.ts';

export interface OtlpPushOptions {
  /** Of the receiver; `/v1/metrics` is appended where it does not end so. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly intervalSeconds: number;
  readonly run: MeasuredRun;
  /** Says something while the run goes on. Called once at most. */
  readonly warn: (message: string) => void;
}

/** A receiver that does not answer is given up on for this time, and tried again at the next. */
const TIMEOUT_MS = 5000;
/** At the end nobody waits longer for one that did not answer before. */
const LAST_TRY_MS = 1000;

/**
 * Pushes the metrics of a run to an OpenTelemetry receiver, by OTLP over HTTP as JSON: every so often, and once at the end.
 * A receiver that is dead or says no costs the run nothing, and is told of once.
 */
export class OtlpPush implements Output {
  readonly #options: OtlpPushOptions;
  readonly #url: string;
  readonly #exporter: OTLPMetricExporter;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #lastFailed = false;
  #hasWarned = false;

  constructor(options: OtlpPushOptions) {
    this.#options = options;
    this.#url = metricsUrl(options.url);
    this.#exporter = this.#exporterFor(TIMEOUT_MS);
  }

  start(): void {
    const push = () => {
      this.#underWay ??= this.#push(this.#exporter).finally(() => {
        this.#underWay = undefined;
      });
    };
    this.#timer = setInterval(push, this.#options.intervalSeconds * 1000).unref();
  }

  /** Comes after the other outputs: by then what it reads is final. */
  async finish(): Promise<void> {
    this.close();
    const never = new Promise<void>(() => {});
    await within(TIMEOUT_MS, this.#underWay ?? Promise.resolve(), never);
    const exporter = this.#lastFailed ? this.#exporterFor(LAST_TRY_MS) : this.#exporter;
    await within(TIMEOUT_MS, this.#push(exporter), never);
  }

  /** Pushes no more, also where a run throws. */
  close(): void {
    clearInterval(this.#timer);
  }

  #exporterFor(timeoutMillis: number): OTLPMetricExporter {
    return new OTLPMetricExporter({ url: this.#url, headers: { ...this.#options.headers }, timeoutMillis });
  }

  async #push(exporter: OTLPMetricExporter): Promise<void> {
    const { run, warn } = this.#options;
    if (run.info === undefined) return;
    const data = otlpData(metrics, run, run.info, Date.now());
    const { code, error } = await new Promise<{ code: number; error?: Error }>(resolve => {
      exporter.export(data, resolve);
    });
    this.#lastFailed = code !== 0;
    if (!this.#lastFailed || this.#hasWarned) return;
    this.#hasWarned = true;
    warn(
      `cannot push metrics to ${this.#url}: ${reasonOf(error)}. The run goes on without${hintFor(this.#url)}`,
    );
  }
}

function metricsUrl(text: string): string {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/v1/metrics') ? path : `${path}/v1/metrics`;
  return url.href;
}

/** The exporter tells the status as a number beside a text that servers need not send. */
function reasonOf(error: Error | undefined): string {
  if (error === undefined) return 'no answer';
  const status = 'code' in error && typeof error.code === 'number' ? `status ${error.code}` : '';
  return [status, error.message].filter(part => part !== '').join(' ') || 'no answer';
}

/** The two ports of a receiver are easily mistaken. */
function hintFor(url: string): string {
  return new URL(url).port === '4317' ? '; 4317 is the port for gRPC, and that for HTTP is 4318' : '';
}
