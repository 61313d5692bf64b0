// One of those that are compared, in a process of its own, without end: `node contender.mjs KIND ORIGIN PATH CONCURRENCY`.
// To any message it answers how many hits were answered so far, what CPU time that took, and what time it is.

import autocannon from 'autocannon';
import { startBareLoop } from './bare-loop.mjs';
import { runOf } from './load.mjs';
import { stressConfig } from './stress.mjs';

const [kind, origin, path, concurrency] = process.argv.slice(2);

const contenders = {
  bare: () => startBareLoop(origin, path, Number(concurrency)),
  autocannon() {
    let answered = 0;
    const instance = autocannon({ url: origin + path, connections: Number(concurrency), duration: 3600 });
    instance.on('response', (_, status) => {
      if (status !== 204) throw new Error(`status ${status}: nothing can be compared`);
      answered++;
    });
    return () => answered;
  },
  single: () => startEndlessRun('single', 1),
  bulk: () => startEndlessRun('bulk', 1),
  'single, two threads': () => startEndlessRun('single', 2),
  'bulk, two threads': () => startEndlessRun('bulk', 2),
};

/** With all that a run does: ledger, histograms, series, routing, progress. */
function startEndlessRun(transport, threads) {
  let ledger;
  const config = stressConfig(origin, { concurrency, duration: '1h', transport });
  const watcher = {
    watch([target]) {
      ledger = target.ledger;
    },
  };
  void runOf(config, [watcher], threads);
  return () => {
    if (ledger === undefined) return 0;
    const { accepted, rejected, failed, unknown, skipped } = ledger.hits;
    if (rejected + failed + unknown + skipped > 0) throw new Error('hits were lost: nothing can be compared');
    return accepted;
  };
}

const hits = contenders[kind]();
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ hits: hits(), cpuSeconds: (user + system) / 1e6, seconds: performance.now() / 1000 });
});
