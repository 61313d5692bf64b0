import { configOf, startRunOf } from './load.mjs';
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

async function show(visits, perSecond) {
  const sink = await startNullCollector();
  const config = configOf({
    preset: 'stress',
    'target.url': `${sink.origin}/matomo.php`,
    clock: 'real',
    rate: `${perSecond}/s`,
    visits: String(visits),
    seed: '1',
    transport: 'bulk',
    concurrency: String(2 * visits),
  });
  const traffic = { ...config.traffic, pageviews: { min: 2, max: 3 }, visitMinutes: { min: 25, max: 30 } };
  let last = { inFlight: 0, bytes: 0 };
  let run;
  const watcher = {
    tick({ total }) {
      const { planned } = total.visits;
      last = {
        inFlight: Math.max(last.inFlight, total.inFlight),
        bytes: Math.max(last.bytes, process.memoryUsage.rss()),
      };
      if (planned >= visits) setTimeout(() => run.stop(130, 0), 2000);
    },
  };
  run = startRunOf({ ...config, traffic }, [watcher]);
  const report = await run.done;
  await sink.close();
  const sending = report.series.filter(({ at }) => at > 3 && at <= visits / perSecond);
  return { ...last, late: sending.map(({ latenessP99 }) => latenessP99 ?? 0) };
}
