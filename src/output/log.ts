import type { ChalkInstance } from 'chalk';
import { secretMask } from '../base/mask-secrets.ts';
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

const ownFields = new Set(['time', 'level', 'message']);
const DEEPEST = 6;

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

  #plain(fields: LogFields): Record<string, unknown> {
    return this.#entries(
      Object.entries(fields).filter(([key]) => !ownFields.has(key)),
      0,
    );
  }

  /** As JSON has it, every string masked; what is too deep, such as an object within itself, is left out. */
  #shown(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#masked(value);
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'bigint') return this.#masked(String(value));
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEEPEST) return '…';
    if (value instanceof Error) return this.#entries(this.#errorEntries(value), depth);
    if (value instanceof Date) return value.toJSON();
    if (Array.isArray(value)) return value.map(item => this.#shown(item, depth + 1));
    return this.#entries(Object.entries(value), depth);
  }

  #entries(entries: readonly (readonly [string, unknown])[], depth: number): Record<string, unknown> {
    return Object.fromEntries(
      entries
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [this.#masked(key), this.#shown(value, depth + 1)]),
    );
  }

  /** The stack only where somebody looks for a bug. */
  #errorEntries(error: Error): [string, unknown][] {
    const entries: [string, unknown][] = [['name', error.name]];
    if ('code' in error) entries.push(['code', error.code]);
    entries.push(['message', error.message]);
    if (error.cause !== undefined) entries.push(['cause', error.cause]);
    if (this.#options.level === 'debug') entries.push(['stack', error.stack]);
    return entries;
  }

  /** A token of digits only may come as a number; a number that is no secret stays one. */
  #number(value: number): unknown {
    const text = String(value);
    const shown = text.length < 8 ? text : this.#masked(text);
    return shown === text ? value : shown;
  }
}
