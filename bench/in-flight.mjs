import { toldBy } from './children.mjs';
import { startNullCollector } from './sink.mjs';

const MOST_BYTES = { 100000: 180e6, 1000000: 600e6 };

/**
 * How much memory visits take that are in flight at once: visits of half an hour under the real clock, which arrive until
 * there are so many of them. It is shown once, and not measured again and again: it takes two minutes.
 */
export async function inFlight() {
  const rows = [];
  for (const [visits, perSecond] of [
    [100_000, 5000],
    [1_000_000, 20_000],
  ]) {
    const shown = await show(visits, perSecond);
    const name = `${visits.toLocaleString('en')} visits, ${perSecond.toLocaleString('en')} a second`;
    rows.push(
      { name: `${name}: in flight`, values: [shown.inFlight], digits: 0, atLeast: visits * 0.99 },
      {
        name: '  resident size, MB',
        values: [shown.bytes / 1e6],
        digits: 0,
        atMost: MOST_BYTES[visits] / 1e6,
      },
      { name: '  lateness p99, ms (3 s left out)', values: shown.late, atMost: 10 },
    );
  }
  return { about: 'visits of 30 minutes under the real clock, in bulk, all in flight at once', rows };
}

/** In a process of its own: what measures takes memory, too. */
async function show(visits, perSecond) {
  const sink = await startNullCollector();
  const shown = await toldBy('in-flight-run.mjs', `${sink.origin}/matomo.php`, visits, perSecond);
  await sink.close();
  return shown;
}
