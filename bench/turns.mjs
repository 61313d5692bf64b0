import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endsWithThis } from './children.mjs';

const CONTENDER = fileURLToPath(new URL('./contender.mjs', import.meta.url));
const TURN_MS = 250;

/**
 * Hits per CPU-second of several processes that take turns of a quarter of a second: all but one are stopped. What slows
 * the machine for some seconds slows all of them, and none runs code that another has made V8 generalise.
 *
 * @returns by kind, one figure a round
 */
export async function inTurns(kinds, origin, path, concurrency, { rounds, turns, warmUpMs }) {
  const children = kinds.map(kind =>
    endsWithThis(fork(CONTENDER, [kind, origin, path, String(concurrency)])),
  );
  const died = new AbortController();
  for (const [at, child] of children.entries()) {
    child.once('exit', () => died.abort(new Error(`${kinds[at]} has ended, which was to go on`)));
    child.kill('SIGSTOP');
  }
  for (const child of children) {
    child.kill('SIGCONT');
    await wait(warmUpMs);
    child.kill('SIGSTOP');
  }
  const rates = Object.fromEntries(kinds.map(kind => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    const sums = kinds.map(() => ({ hits: 0, cpuSeconds: 0 }));
    for (let turn = 0; turn < turns; turn++) {
      // There and back, so that none is always the last.
      const order = turn % 2 === 0 ? [...children.keys()] : [...children.keys()].reverse();
      for (const at of order) {
        const { hits, cpuSeconds } = await turnOf(children[at], died.signal);
        if (hits === 0) throw new Error(`${kinds[at]} sends no more`);
        sums[at].hits += hits;
        sums[at].cpuSeconds += cpuSeconds;
      }
    }
    for (const [at, kind] of kinds.entries()) rates[kind].push(sums[at].hits / sums[at].cpuSeconds);
  }
  for (const child of children) child.kill('SIGKILL');
  return rates;
}

async function turnOf(child, signal) {
  child.kill('SIGCONT');
  const before = await standOf(child, signal);
  await wait(TURN_MS);
  const after = await standOf(child, signal);
  child.kill('SIGSTOP');
  return { hits: after.hits - before.hits, cpuSeconds: after.cpuSeconds - before.cpuSeconds };
}

async function standOf(child, signal) {
  const answer = once(child, 'message', { signal });
  child.send('stand');
  const [stand] = await answer.catch(error => {
    throw error.cause ?? error;
  });
  return stand;
}
