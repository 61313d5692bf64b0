import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endsWithThis, messageOf } from './children.mjs';
import { runOf } from './load.mjs';
import { stressConfig } from './stress.mjs';

const VISITS_PER_SECOND = 2000;
/** Code is compiled in the first seconds. */
const LEFT_OUT_SECONDS = 3;
const BIN_MS = 10;

/** Whether visits come when they are planned to, and no burst among them: each has one hit, so that its arrival is seen. */
export async function pacing({ quick }) {
  const seconds = quick ? 6 : 30;
  const rows = [];
  for (const arrivals of ['constant', 'poisson']) {
    const { report, dispersion } = await offered(arrivals, seconds);
    const { offeredVisitsPerSecond, achievedVisitsPerSecond } = report.rate;
    const offBy = Math.abs(achievedVisitsPerSecond / offeredVisitsPerSecond - 1) * 100;
    const late = report.series.filter(({ at }) => at > LEFT_OUT_SECONDS).map(point => point.latenessP99 ?? 0);
    rows.push(
      // Random arrivals are as many as chance has it; even ones are as many as were offered.
      arrivals === 'constant'
        ? { name: 'even: rate is off by, %', values: [offBy], digits: 3, atMost: 0.2 }
        : { name: 'random: rate is off by, %', values: [offBy], digits: 3 },
      { name: '  lateness p99 of each second, ms', values: late, atMost: 10 },
      {
        name: `  variance ÷ mean of arrivals per ${BIN_MS} ms`,
        values: [dispersion],
        // Even arrivals have 0, of random ones both are the same.
        ...(arrivals === 'constant' ? { atMost: 0.5 } : { atMost: 1.5 }),
      },
    );
  }
  return { about: `${VISITS_PER_SECOND} visits a second for ${seconds} s, of one hit each`, rows };
}

async function offered(arrivals, seconds) {
  const server = endsWithThis(fork(fileURLToPath(new URL('arrival-counter.mjs', import.meta.url))));
  const port = await messageOf(server);
  const config = stressConfig(`http://127.0.0.1:${port}`, {
    rate: `${VISITS_PER_SECOND}/s`,
    duration: `${seconds}s`,
    arrivals,
  });
  const traffic = { ...config.traffic, pageviews: { min: 1, max: 1 } };
  const report = await runOf({ ...config, traffic });
  const told = once(server, 'message');
  server.send('end');
  const [bins] = await told;
  return { report, dispersion: dispersionOf(bins.slice((LEFT_OUT_SECONDS * 1000) / BIN_MS, -1)) };
}

function dispersionOf(counts) {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length / mean;
}
