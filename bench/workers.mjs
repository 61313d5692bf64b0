import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endsWithThis } from './children.mjs';
import { startSink } from './sink.mjs';
import { ratios } from './statistics.mjs';

const PROGRAM = fileURLToPath(new URL('../bin/trafficinator.js', import.meta.url));

/** That of the preset: divided by two a small one leaves a thread too few visits to be busy. */
const CAP = '500';

/**
 * What a second thread costs and brings: `run --workers 1` and 2, one after the other and again. Each is a process of its
 * own, because new threads begin with code that is not compiled yet, and a process that had run before would not.
 */
export async function workers({ quick }) {
  const sink = await startSink();
  const rows = [];
  for (const transport of ['single', 'bulk']) {
    const [one, two] = [[], []];
    for (let pair = 0; pair < (quick ? 1 : 5); pair++) {
      one.push(await figuresOf(sink, transport, 1, quick));
      two.push(await figuresOf(sink, transport, 2, quick));
    }
    const ratio = figure => ratios(two.map(figure), one.map(figure));
    const name = figure => `${transport}: ${figure}`;
    rows.push(
      { name: name('CPU a hit, two threads ÷ one'), values: ratio(run => run.cpuPerHit), atMost: 1.15 },
      {
        name: name('hits a second, two threads ÷ one'),
        values: ratio(run => run.hitsPerSecond),
        ...(transport === 'bulk' && { atLeast: 1.6 }),
      },
      { name: name('cores that two threads used'), values: two.map(run => run.cores) },
    );
  }
  await sink.close();
  return { about: `run --workers 2 beside one thread, ${CAP} visits at once, against ${sink.name}`, rows };
}

/** From the start of the plan on: what it takes to load a program is in none of them. */
async function figuresOf({ origin }, transport, count, quick) {
  const child = endsWithThis(
    spawn(
      process.execPath,
      [
        ...[PROGRAM, 'run', '--preset', 'stress', '--url', `${origin}/matomo.php`, '--skip-validation'],
        ...['--rate', 'max', '--pause', '0', '--seed', '1', '--concurrency', CAP, '--transport', transport],
        ...['--duration', quick ? '2s' : '15s', '--workers', String(count), '--json', '--quiet'],
      ],
      { env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    ),
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  await once(child, 'close');
  const { hits, rate, generator } = JSON.parse(text);
  if (hits.accepted !== hits.planned)
    throw new Error(`only ${hits.accepted} of ${hits.planned} hits were accepted`);
  return {
    cpuPerHit: generator.cpuShareMean / rate.hitsPerSecond,
    hitsPerSecond: rate.hitsPerSecond,
    cores: generator.cpuShareMean,
  };
}
