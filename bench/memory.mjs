import { runOf } from './load.mjs';
import { startNullCollector } from './sink.mjs';
import { median } from './statistics.mjs';
import { stressConfig } from './stress.mjs';

/** Whether memory stays what it is however long a run lasts: resident size over the tenths of a run. */
export async function memory({ quick }) {
  const rows = [];
  for (const [transport, visits] of quick
    ? [['bulk', 40_000]]
    : [
        ['bulk', 1_450_000],
        ['single', 150_000],
      ]) {
    const { hits, growth } = await growthOf(transport, visits);
    rows.push({
      name: `${transport}, ${(hits / 1e6).toFixed(1)} million hits: last ÷ second tenth`,
      values: [growth],
      atMost: 1.1,
    });
  }
  return { about: 'resident size, last tenth of a run beside its second, against collector --null', rows };
}

async function growthOf(transport, visits) {
  const sink = await startNullCollector();
  const config = stressConfig(sink.origin, { concurrency: '64', visits: String(visits), transport });
  /** Of the run that is done, and how many bytes there were. */
  const sizes = [];
  const watcher = {
    tick: ({ endedVisits }) => sizes.push({ done: endedVisits / visits, bytes: process.memoryUsage.rss() }),
  };
  const report = await runOf(config, [watcher]);
  await sink.close();
  const within = (from, to) =>
    median(sizes.filter(({ done }) => done >= from && done < to).map(({ bytes }) => bytes));
  return { hits: report.hits.accepted, growth: within(0.9, 1.01) / within(0.1, 0.2) };
}
