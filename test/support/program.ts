import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ours = resolve(import.meta.dirname, '../../bin/trafficinator.js');

/** One that is still there is ended, so that nothing hangs. */
const LONGEST_MS = 60_000;

export interface ProgramOptions {
  /** The whole environment; nothing of the test's own is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: the one of this checkout. */
  readonly executable?: string;
  /** What waits for a real server may need longer than a test of its own. */
  readonly longestMs?: number;
}

export interface EndedProgram {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<EndedProgram>;
  kill(signal: NodeJS.Signals): void;
  /** Until something stands on stdout or stderr; fails when the program ends without it. */
  said(text: string | RegExp): Promise<void>;
}

/** Starts `trafficinator` as its own process, in a folder of its own. */
export function startProgram(
  args: readonly string[],
  { env = {}, cwd = folder(), executable = ours, longestMs = LONGEST_MS }: ProgramOptions = {},
): RunningProgram {
  const child: ChildProcess = spawn(process.execPath, [executable, ...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  let hasEnded = false;
  const ended = new Promise<EndedProgram>(done => {
    const guard = setTimeout(() => child.kill('SIGKILL'), longestMs);
    child.on('close', (exitCode, signal) => {
      clearTimeout(guard);
      hasEnded = true;
      done({ exitCode, signal, ...said });
      for (const listener of listeners) listener();
    });
  });
  return {
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    ended,
    kill: signal => child.kill(signal),
    said: text =>
      new Promise((done, fail) => {
        const look = () => {
          const all = `${said.stdout}\n${said.stderr}`;
          const isThere = typeof text === 'string' ? all.includes(text) : text.test(all);
          if (!isThere && !hasEnded) return;
          listeners.delete(look);
          if (isThere) done();
          else fail(new Error(`ended without saying ${text}:\n${said.stdout}\n${said.stderr}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Runs `trafficinator` to its end. */
export function program(args: readonly string[], options: ProgramOptions = {}): Promise<EndedProgram> {
  return startProgram(args, options).ended;
}

/** A new folder, with files by name. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'trafficinator-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}
