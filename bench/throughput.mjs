import { averagePath } from './load.mjs';
import { startSink } from './sink.mjs';
import { ratios } from './statistics.mjs';
import { stressConfig } from './stress.mjs';
import { inTurns } from './turns.mjs';

const CONCURRENCY = 64;

/**
 * Hits per CPU-second of a run with all that a run does, of a bare undici loop that sends one constant request of the
 * average length, and of autocannon with the same.
 */
export async function throughput({ quick }) {
  const sink = await startSink();
  const path = averagePath(stressConfig(sink.origin, { visits: '1' }));
  const [rounds, turns, warmUpMs] = quick ? [2, 1, 1500] : [7, 8, 5000];
  const stretches = await inTurns(['bare', 'single', 'bulk', 'autocannon'], sink.origin, path, CONCURRENCY, {
    rounds,
    turns,
    turnMs: 250,
    warmUpMs,
  });
  const rateOf = kind => stretches[kind].map(({ hits, cpuSeconds }) => hits / cpuSeconds);
  const [bare, single, bulk, autocannon] = ['bare', 'single', 'bulk', 'autocannon'].map(rateOf);
  await sink.close();
  return {
    about: `hits per CPU-second, ${CONCURRENCY} at once against ${sink.name}; a hit has ${path.length} bytes of path`,
    rows: [
      { name: 'bare undici loop', values: bare, digits: 0 },
      { name: 'autocannon', values: autocannon, digits: 0 },
      { name: 'run, single', values: single, digits: 0 },
      { name: 'run, bulk', values: bulk, digits: 0 },
      { name: 'single ÷ bare loop', values: ratios(single, bare), atLeast: 0.75 },
      { name: 'single ÷ autocannon', values: ratios(single, autocannon) },
      { name: 'bulk ÷ single', values: ratios(bulk, single), atLeast: 5 },
    ],
  };
}
