// Measures what the generator costs, against a collector in another process that answers at once and keeps nothing.
// All figures are ratios within this run, medians of interleaved pairs: these hold where single times do not.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bareLoop } from './bare-loop.mjs';
import { averagePath, configOf, runOf } from './load.mjs';
import { startNullCollector } from './null-collector.mjs';
import { cpuSecondsOf, median, spread } from './statistics.mjs';

const quick = process.argv.includes('--quick');
const pairs = quick ? 2 : 5;
const singleVisits = quick ? 3_000 : 12_000;
const bulkVisits = quick ? 10_000 : 40_000;
const pacedSeconds = quick ? 5 : 20;
const concurrency = 64;

const collector = await startNullCollector();
const url = `${collector.origin}/matomo.php`;
const flags = {
  preset: 'stress',
  'target.url': url,
  rate: 'max',
  pause: '0',
  seed: '1',
  concurrency: String(concurrency),
};
const single = configOf({ ...flags, visits: String(singleVisits) });
const bulk = configOf({ ...flags, visits: String(bulkVisits), transport: 'bulk' });
const path = averagePath(single);

const rates = { bare: [], single: [], bulk: [] };
for (let pair = 0; pair <= pairs; pair++) {
  const one = await cpuSecondsOf(() => runOf(single));
  const hits = one.result.hits.accepted;
  if (hits !== one.result.hits.planned)
    throw new Error(`only ${hits} of ${one.result.hits.planned} hits were accepted`);
  const bare = await cpuSecondsOf(() => bareLoop(collector.origin, path, hits, concurrency));
  const many = await cpuSecondsOf(() => runOf(bulk));
  // The first pair warms up.
  if (pair === 0) continue;
  rates.single.push(hits / one.cpuSeconds);
  rates.bare.push(hits / bare.cpuSeconds);
  rates.bulk.push(many.result.hits.accepted / many.cpuSeconds);
}
const ratioTo = (rows, base) => rows.map((value, at) => value / base[at]);

console.log(
  `hits per CPU-second, ${pairs} interleaved pairs, median (min to max); a hit is ${path.length} bytes of path`,
);
console.log(`  bare pool.dispatch loop   ${spread(rates.bare, 0)}`);
console.log(`  run, single               ${spread(rates.single, 0)}`);
console.log(`  run, bulk                 ${spread(rates.bulk, 0)}`);
console.log(`  single ÷ bare loop        ${spread(ratioTo(rates.single, rates.bare))}   wanted ≥ 0.6`);
console.log(`  bulk ÷ single             ${spread(ratioTo(rates.bulk, rates.single))}   wanted ≥ 4`);

const paced = await runOf(
  configOf({
    preset: 'stress',
    'target.url': url,
    rate: '200/s',
    duration: `${pacedSeconds}s`,
    seed: '1',
    pause: '0-0.1',
  }),
);
const offered = paced.rate.offeredVisitsPerSecond;
const offBy = Math.abs(paced.rate.achievedVisitsPerSecond / offered - 1) * 100;
console.log(`200 visits a second for ${pacedSeconds} s`);
console.log(
  `  achieved                  ${paced.rate.achievedVisitsPerSecond}/s, off by ${offBy.toFixed(3)} %   wanted ≤ 0.5 %`,
);
console.log(
  `  lateness                  p50 ${paced.latenessMs.p50} ms, p99 ${paced.latenessMs.p99} ms, max ${paced.latenessMs.max} ms   wanted p99 < 10 ms`,
);
await collector.close();

const bin = fileURLToPath(new URL('../bin/trafficinator.js', import.meta.url));
const wallMs = args => {
  const began = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - began;
};
const help = [];
const empty = [];
for (let time = 0; time < (quick ? 5 : 15); time++) {
  empty.push(wallMs(['-e', '']));
  help.push(wallMs([bin, '--help']));
}
console.log('start-up');
console.log(`  empty Node script         ${spread(empty, 0)} ms`);
console.log(
  `  trafficinator --help      ${spread(help, 0)} ms, ${(median(help) / median(empty)).toFixed(2)} × an empty script   wanted ≤ 1.5`,
);
