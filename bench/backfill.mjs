// Measures how fast past days are filled against a collector in another process that answers at once and keeps nothing:
// beside single requests in the same run, in interleaved pairs, with the journal on the disk as ever.
//
//   node bench/backfill.mjs [--quick] [--batch-size N]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepObjectsYoung } from '../dist/cli/young-objects.js';
import { loadConfig } from '../dist/config/load.js';
import { toBackfillConfig } from '../dist/config/to-backfill-config.js';
import { startBackfill } from '../dist/run/backfill/start-backfill.js';
import { configOf as runConfigOf, runOf } from './load.mjs';
import { startNullCollector } from './sink.mjs';
import { cpuSecondsOf, median, ratios as ratio } from './statistics.mjs';

/** `median (min to max)` */
function spread(rows, digits = 2) {
  const [middle, least, most] = [median(rows), Math.min(...rows), Math.max(...rows)];
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, 'batch-size': { type: 'string' } },
});
const pairs = values.quick ? 2 : 5;
const days = 60;
const collector = await startNullCollector();
const folder = mkdtempSync(join(tmpdir(), 'trafficinator-bench-'));
let journals = 0;

function configOf(flags) {
  const loaded = loadConfig({
    flags: {
      preset: 'medium',
      'target.url': `${collector.origin}/matomo.php`,
      'target.timezone': 'UTC',
      seed: '1',
      runId: 'bench',
      'backfill.from': '2026-01-01',
      'backfill.to': '2026-03-01',
      ...flags,
    },
    env: { MATOMO_TOKEN_AUTH: 'a'.repeat(32) },
    cwd: '/nonexistent',
    command: 'backfill',
  });
  const window = {
    firstDay: '2026-01-01',
    lastDay: '2026-03-01',
    visitsPerDay: Number(flags['backfill.visitsPerDay']),
    maxVisits: undefined,
    growthPerWeek: 0,
    allowLong: false,
  };
  return toBackfillConfig(loaded, window);
}

async function filled(config) {
  const known = new Map(
    config.targets.map(({ name }) => [
      name,
      {
        token: { result: 'good', detail: '' },
        site: { name: 'Bench', timezone: 'UTC', currency: 'EUR' },
        serverLagSeconds: 0,
      },
    ]),
  );
  const began = performance.now();
  const { result, cpuSeconds } = await cpuSecondsOf(
    () =>
      startBackfill(config, {
        outputs: [{ start: keepObjectsYoung }],
        journalPath: join(folder, `${++journals}.ndjson`),
        resume: false,
        force: false,
        settleAfterSeconds: 60,
        version: 'bench',
        mask: text => text,
        known,
      }).done,
  );
  const { accepted, planned } = result.hits;
  if (accepted !== planned) throw new Error(`only ${accepted} of ${planned} hits were accepted`);
  return { hits: accepted / cpuSeconds, wallHits: accepted / ((performance.now() - began) / 1000) };
}

const bulkFlags = {
  'backfill.visitsPerDay': String(values.quick ? 300 : 1000),
  ...(values['batch-size'] && { batchSize: values['batch-size'] }),
};
const bulk = configOf(bulkFlags);
const single = configOf({ 'backfill.visitsPerDay': String(values.quick ? 30 : 100), transport: 'single' });
const run = runConfigOf({
  preset: 'medium',
  'target.url': `${collector.origin}/matomo.php`,
  rate: 'max',
  pause: '0',
  seed: '1',
  concurrency: '50',
  visits: String(values.quick ? 1800 : 6000),
});

async function sent() {
  const began = performance.now();
  const { result, cpuSeconds } = await cpuSecondsOf(() => runOf(run));
  const { accepted } = result.hits;
  return { hits: accepted / cpuSeconds, wallHits: accepted / ((performance.now() - began) / 1000) };
}

const rates = { bulk: [], single: [], run: [], wallBulk: [], wallSingle: [], wallRun: [] };
for (let pair = 0; pair <= pairs; pair++) {
  const one = await filled(single);
  const ofRun = await sent();
  const many = await filled(bulk);
  // The first pair warms up.
  if (pair === 0) continue;
  rates.single.push(one.hits);
  rates.bulk.push(many.hits);
  rates.run.push(ofRun.hits);
  rates.wallRun.push(ofRun.wallHits);
  rates.wallSingle.push(one.wallHits);
  rates.wallBulk.push(many.wallHits);
}
await collector.close();
rmSync(folder, { recursive: true });

const { batchSize } = bulk.targets[0];
console.log(
  `backfill of ${days} days, ${pairs} interleaved pairs, median (min to max); bulk of ${batchSize} hits`,
);
for (const [title, ofBulk, ofSingle, ofRun, wanted] of [
  ['hits a second', rates.wallBulk, rates.wallSingle, rates.wallRun, '   wanted ≥ 5'],
  ['hits per CPU-second', rates.bulk, rates.single, rates.run, ''],
]) {
  console.log(title);
  console.log(`  backfill, bulk        ${spread(ofBulk, 0)}`);
  console.log(`  backfill, single      ${spread(ofSingle, 0)}`);
  console.log(`  run, single           ${spread(ofRun, 0)}`);
  console.log(`  bulk ÷ single         ${spread(ratio(ofBulk, ofSingle))}${wanted}`);
  console.log(`  bulk ÷ run's single   ${spread(ratio(ofBulk, ofRun))}`);
}
