import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endsWithThis } from './children.mjs';

const CONTENDER = fileURLToPath(new URL('./contender.mjs', import.meta.url));
/** Threads tell what they sent ten times a second: before the first figure of a turn all of them have. */
const LEAD_MS = 150;

/**
 * What several processes send that take turns: all but one are stopped. What slows the machine for some seconds slows all
 * of them, and none runs code that another has made V8 generalise. Each round has processes of its own: how V8 compiles
 * and where memory lies make one a tenth faster than another for as long as it lives.
 *
 * @returns by kind, for each round `{ hits, cpuSeconds, seconds }`
 */
export async function inTurns(kinds, origin, path, concurrency, { rounds, turns, turnMs, warmUpMs }) {
  const stretches = Object.fromEntries(kinds.map(kind => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    const children = kinds.map(kind =>
      endsWithThis(fork(CONTENDER, [kind, origin, path, String(concurrency)])),
    );
    try {
      const sums = await roundOf(kinds, children, { turns, turnMs, warmUpMs });
      for (const [at, kind] of kinds.entries()) stretches[kind].push(sums[at]);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  }
  return stretches;
}

async function roundOf(kinds, children, { turns, turnMs, warmUpMs }) {
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
  const sums = kinds.map(() => ({ hits: 0, cpuSeconds: 0, seconds: 0 }));
  for (let turn = 0; turn < turns; turn++) {
    // There and back, so that none is always the last.
    const order = turn % 2 === 0 ? [...children.keys()] : [...children.keys()].reverse();
    for (const at of order) {
      const turn = await turnOf(children[at], turnMs, died.signal);
      if (turn.hits === 0) throw new Error(`${kinds[at]} sends no more`);
      for (const figure in turn) sums[at][figure] += turn[figure];
    }
  }
  return sums;
}

async function turnOf(child, turnMs, signal) {
  child.kill('SIGCONT');
  await wait(LEAD_MS);
  const before = await standOf(child, signal);
  await wait(turnMs);
  const after = await standOf(child, signal);
  child.kill('SIGSTOP');
  const turn = {};
  for (const figure in after) turn[figure] = after[figure] - before[figure];
  return turn;
}

async function standOf(child, signal) {
  const answer = once(child, 'message', { signal });
  child.send('stand');
  const [stand] = await answer.catch(error => {
    throw error.cause ?? error;
  });
  return stand;
}
