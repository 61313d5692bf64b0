import autocannon from 'autocannon';
import { bareLoop } from './bare-loop.mjs';
import { averagePath, configOf, runOf } from './load.mjs';
import { startSink } from './sink.mjs';
import { cpuSecondsOf, ratios } from './statistics.mjs';

const CONCURRENCY = 64;

/**
 * Hits per CPU-second of this process: of a run with all that a run does, of a bare undici loop that sends one constant
 * request of the average length, and of autocannon with the same. One after the other and again: what disturbs one
 * disturbs all, so that the ratios hold where the figures do not.
 */
export async function throughput({ quick }) {
  const sink = await startSink();
  const flags = {
    preset: 'stress',
    'target.url': `${sink.origin}/matomo.php`,
    rate: 'max',
    pause: '0',
    seed: '1',
    concurrency: String(CONCURRENCY),
  };
  const single = configOf({ ...flags, visits: quick ? '4000' : '40000' });
  const bulk = configOf({ ...flags, visits: quick ? '12000' : '120000', transport: 'bulk' });
  const path = averagePath(single);
  const pairs = quick ? 3 : 7;
  const rates = { bare: [], single: [], bulk: [], autocannon: [] };
  for (let pair = 0; pair <= pairs; pair++) {
    const one = await rateOf(single);
    const bare = await cpuSecondsOf(() => bareLoop(sink.origin, path, one.hits, CONCURRENCY));
    const many = await rateOf(bulk);
    const cannon = await cpuSecondsOf(() =>
      autocannon({ url: sink.origin + path, connections: CONCURRENCY, amount: one.hits }),
    );
    // The first pair warms up.
    if (pair === 0) continue;
    rates.single.push(one.rate);
    rates.bulk.push(many.rate);
    rates.bare.push(one.hits / bare.cpuSeconds);
    rates.autocannon.push(one.hits / cannon.cpuSeconds);
  }
  await sink.close();
  const ofBare = ratios(rates.single, rates.bare);
  return {
    about: `hits per CPU-second, ${pairs} rounds against ${sink.name}; a hit has ${path.length} bytes of path`,
    rows: [
      { name: 'bare undici loop', values: rates.bare, digits: 0 },
      { name: 'autocannon', values: rates.autocannon, digits: 0 },
      { name: 'run, single', values: rates.single, digits: 0 },
      { name: 'run, bulk', values: rates.bulk, digits: 0 },
      { name: 'single ÷ bare loop', values: ofBare, atLeast: 0.75 },
      { name: 'single ÷ autocannon', values: ratios(rates.single, rates.autocannon) },
      { name: 'bulk ÷ single', values: ratios(rates.bulk, rates.single), atLeast: 5 },
    ],
  };
}

async function rateOf(config) {
  const { result, cpuSeconds } = await cpuSecondsOf(() => runOf(config));
  const { accepted, planned } = result.hits;
  if (accepted !== planned) throw new Error(`only ${accepted} of ${planned} hits were accepted`);
  return { hits: accepted, rate: accepted / cpuSeconds };
}
