import { toldBy } from './children.mjs';
import { startNullCollector } from './sink.mjs';
import { median } from './statistics.mjs';

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
  const { hits, sizes } = await toldBy('memory-run.mjs', sink.origin, transport, visits);
  await sink.close();
  const within = (from, to) =>
    median(sizes.filter(({ done }) => done >= from && done < to).map(({ bytes }) => bytes));
  return { hits, growth: within(0.9, 1.01) / within(0.1, 0.2) };
}
