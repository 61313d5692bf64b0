import type { ChalkInstance } from 'chalk';
import { secretMask } from './mask-secrets.ts';
import type { TextStream } from './text-stream.ts';
import { oneLine } from './text-width.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a log entry says beside its message. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface LogOptions {
  readonly stream: TextStream;
  /** Entries below it are left out. */
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** None of them is ever shown, see `maskSecrets`. */
  readonly secrets: readonly string[];
  readonly chalk: ChalkInstance;
  readonly now?: () => Date;
}

/**
 * A line an entry. As text: `12:00:01 warn  message  key=value`, in UTC. As JSON: `{"time","level","message",…}`,
 * where fields of these names are left out. Messages and fields are masked, the log's own words are not.
 */
export class Log {
  readonly #options: LogOptions;
  readonly #threshold: number;
  readonly #masked: (text: string) => string;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#threshold = logLevels.indexOf(options.level);
    this.#masked = secretMask(options.secrets);
  }

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  /** Whether an entry of this level is shown: for fields that are dear to make. */
  shows(level: LogLevel): boolean {
    return logLevels.indexOf(level) >= this.#threshold;
  }

  write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (!this.shows(level)) return;
    const time = this.#options.now?.() ?? new Date();
    const plain = this.#plain(fields);
    const line =
      this.#options.format === 'json'
        ? JSON.stringify({ time: time.toISOString(), level, message: this.#masked(message), ...plain })
        : this.#textLine(time, level, message, plain);
    this.#options.stream.write(`${line}\n`);
  }

  #textLine(time: Date, level: LogLevel, message: string, fields: LogFields): string {
    const { chalk } = this.#options;
    const colour = { debug: chalk.dim, info: chalk.reset, warn: chalk.yellow, error: chalk.red }[level];
    const details = Object.entries(fields).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const words = [this.#masked(message), ...details].map(oneLine).join('  ');
    // Once more as a whole: a message and a field side by side could make up what neither held.
    return `${chalk.dim(time.toISOString().slice(11, 19))} ${colour(level.padEnd(5))} ${this.#masked(words)}`;
  }

  /** Fields as JSON has them, every string masked, errors by name and message. */
  #plain(fields: LogFields): Record<string, unknown> {
    const own = new Set(['time', 'level', 'message']);
    const text = JSON.stringify(fields, (_key, value: unknown) => {
      if (value instanceof Error) return this.#error(value);
      return typeof value === 'bigint' ? String(value) : value;
    });
    return Object.fromEntries(
      Object.entries(this.#maskedValue(JSON.parse(text)) as Record<string, unknown>).filter(
        ([key]) => !own.has(key),
      ),
    );
  }

  /** The stack only where somebody looks for a bug. */
  #error(error: Error): unknown {
    const code = 'code' in error ? { code: error.code } : {};
    const stack = this.#options.level === 'debug' ? { stack: error.stack } : {};
    return { name: error.name, ...code, message: error.message, ...stack };
  }

  #maskedValue(value: unknown): unknown {
    if (typeof value === 'string') return this.#masked(value);
    if (typeof value === 'number') return this.#maskedNumber(value);
    if (Array.isArray(value)) return value.map(item => this.#maskedValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [this.#masked(key), this.#maskedValue(inner)]),
    );
  }

  /** A token of digits only may come as a number; a number that is no secret stays one. */
  #maskedNumber(value: number): unknown {
    const text = String(value);
    const shown = text.length < 8 ? text : this.#masked(text);
    return shown === text ? value : shown;
  }
}
