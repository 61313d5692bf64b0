import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';
import { Failure } from '../../base/failure.ts';

/** Who works on a journal. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as its system tells it: another may have its number by now. '' where that is not told. */
  readonly began: string;
}

const TRIES = 3;

/**
 * Keeps other processes off a journal: a file beside it names the one that works on it. What a process left behind that was
 * killed is passed over.
 *
 * @returns gives the journal free
 * @throws Failure USAGE where another process has it
 */
export function lockJournal(journalPath: string): () => void {
  const path = `${journalPath}.lock`;
  const own: Holder = { pid, host: hostname(), began: beganAt(pid) };
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) {
        throw new Failure('FILE_UNWRITABLE', `cannot write ${path}`, { cause });
      }
    }
    const holder = holderOf(path);
    if (holder !== undefined && isAtWork(holder, own)) throw taken(journalPath, path, holder);
    rmSync(path, { force: true });
  }
  throw new Failure('USAGE', `${journalPath} is being taken by other processes`, {
    hint: 'One backfill at a time works on a journal.',
  });
}

function taken(journalPath: string, path: string, holder: Holder): Failure {
  const hint =
    holder.host === hostname()
      ? 'Wait for its end, or stop it with Ctrl-C.'
      : `Where that machine or container is gone, delete ${path}.`;
  return new Failure(
    'USAGE',
    `${journalPath} is in use by process ${holder.pid} on ${holder.host}: two on one journal would send visits twice`,
    { hint },
  );
}

function isAtWork(holder: Holder, own: Holder): boolean {
  if (holder.host !== own.host) return true;
  // In a container that was begun again a process may have the number of the one before.
  if (holder.pid === own.pid) return holder.began === own.began && own.began !== '';
  try {
    kill(holder.pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  return holder.began === '' || beganAt(holder.pid) === holder.began;
}

/** Undefined where it was being written when the power went, or is just being written. */
function holderOf(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof holder !== 'object' || holder === null) return undefined;
    const { pid: number, host, began } = { pid: 0, host: '', began: '', ...holder };
    return typeof number === 'number' ? { pid: number, host: String(host), began: String(began) } : undefined;
  } catch {
    return undefined;
  }
}

/** On Linux: since the system began, in its ticks, and which system that is. */
function beganAt(number: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const status = readFileSync(`/proc/${number}/stat`, 'utf8');
    // The name, which may have blanks, is in brackets.
    const [state = '', ...figures] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // Killed, and its parent has not taken notice: it does nothing any more.
    return 'ZX'.includes(state) ? 'ended' : `${boot} ${figures[18]}`;
  } catch {
    return '';
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
