import { startSink } from './sink.mjs';
import { ratios } from './statistics.mjs';
import { inTurns } from './turns.mjs';

/** That of the preset: divided by two a small one leaves a thread too few visits to be busy. */
const CONCURRENCY = 500;

/** What a second thread costs and brings, once both have compiled what they run. */
export async function workers({ quick }) {
  const sink = await startSink();
  const [rounds, turns, warmUpMs] = quick ? [1, 1, 2000] : [7, 4, 6000];
  const rows = [];
  for (const transport of ['single', 'bulk']) {
    const kinds = [transport, `${transport}, two threads`];
    const stretches = await inTurns(kinds, sink.origin, '', CONCURRENCY, {
      rounds,
      turns,
      turnMs: 1000,
      warmUpMs,
    });
    const [one, two] = kinds.map(kind => stretches[kind]);
    const ratio = figure => ratios(two.map(figure), one.map(figure));
    rows.push(
      {
        name: `${transport}: CPU a hit, two threads ÷ one`,
        values: ratio(({ hits, cpuSeconds }) => cpuSeconds / hits),
        atMost: 1.15,
      },
      {
        name: `${transport}: hits a second, two threads ÷ one`,
        values: ratio(({ hits, seconds }) => hits / seconds),
        ...(transport === 'bulk' && { atLeast: 1.6 }),
      },
      {
        name: `${transport}: cores that two threads used`,
        values: two.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds),
      },
    );
  }
  await sink.close();
  return { about: `two threads beside one, ${CONCURRENCY} visits at once, against ${sink.name}`, rows };
}
