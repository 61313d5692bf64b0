// A run in a process of its own, so that what it takes is a run's and nothing of what measures it: visits of half an hour
// under the real clock, stopped two seconds after the last has come. Tells its parent what it saw.
import { configOf, startRunOf } from './load.mjs';

const [, , url, visits, perSecond] = process.argv;
const config = configOf({
  preset: 'stress',
  'target.url': url,
  clock: 'real',
  rate: `${perSecond}/s`,
  visits,
  seed: '1',
  transport: 'bulk',
  // A body of a hundred hits is full after 20 ms at 5,000 a second, and its first hit as late.
  batchSize: '20',
  concurrency: String(2 * visits),
});
const traffic = { ...config.traffic, pageviews: { min: 2, max: 3 }, visitMinutes: { min: 25, max: 30 } };
let most = { inFlight: 0, bytes: 0 };
let run;
const watcher = {
  tick({ total }) {
    most = {
      inFlight: Math.max(most.inFlight, total.inFlight),
      bytes: Math.max(most.bytes, process.memoryUsage.rss()),
    };
    if (total.visits.planned >= visits) setTimeout(() => run.stop(130, 0), 2000);
  },
};
run = startRunOf({ ...config, traffic }, [watcher]);
const { series } = await run.done;
const sending = series.filter(({ at }) => at > 3 && at <= visits / perSecond);
process.send({ ...most, late: sending.map(({ latenessP99 }) => latenessP99 ?? 0) }, () => process.exit());
