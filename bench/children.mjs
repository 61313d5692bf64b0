import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What ends with this process, however that ends: a child that goes on without it would be there for ever. */
const children = new Set();

/** @returns the child, which is killed when this process ends before it */
export function endsWithThis(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** What a program of this folder tells that is run with these arguments, in a process of its own. */
export function toldBy(program, ...args) {
  return messageOf(endsWithThis(fork(fileURLToPath(new URL(program, import.meta.url)), args.map(String))));
}

/** The first message of a child; an error where it ends before it has sent one. */
export async function messageOf(child) {
  const ended = new AbortController();
  child.once('exit', code => ended.abort(new Error(`a process of the bench ended with ${code}`)));
  const [message] = await once(child, 'message', { signal: ended.signal }).catch(error => {
    throw error.cause ?? error;
  });
  return message;
}

process.once('exit', () => {
  // One that is stopped hears of nothing else.
  for (const child of children) child.kill('SIGKILL');
});

for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
])
  process.once(signal, () => process.exit(128 + number));
