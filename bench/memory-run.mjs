// A run in a process of its own, so that what it takes is a run's and nothing of what was measured before. Tells its parent
// how many hits were accepted, and the resident size as visits ended.
import { runOf } from './load.mjs';
import { stressConfig } from './stress.mjs';

const [, , origin, transport, visits] = process.argv;
const config = stressConfig(origin, { concurrency: '64', visits, transport });
/** Of the run that is done, and how many bytes there were. */
const sizes = [];
const watcher = {
  tick: ({ endedVisits }) => sizes.push({ done: endedVisits / visits, bytes: process.memoryUsage.rss() }),
};
const report = await runOf(config, [watcher]);
process.send({ hits: report.hits.accepted, sizes }, () => process.exit());
