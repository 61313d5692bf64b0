import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { ratios } from './statistics.mjs';

const PROGRAM = fileURLToPath(new URL('../bin/trafficinator.js', import.meta.url));

/** How long it takes until there is help, or a first hit, beside a Node script that does nothing. */
export async function startUp({ quick }) {
  const times = { empty: [], help: [], firstHit: [] };
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    times.empty.push(wallMs(['-e', '']));
    times.help.push(wallMs([PROGRAM, '--help']));
    times.firstHit.push(await firstHitMs());
  }
  return {
    about: 'start-up, wall time',
    rows: [
      { name: 'empty Node script, ms', values: times.empty, digits: 0 },
      { name: '--help ÷ empty script', values: ratios(times.help, times.empty), atMost: 1.3 },
      { name: 'first hit ÷ empty script', values: ratios(times.firstHit, times.empty), atMost: 6 },
    ],
  };
}

function wallMs(args) {
  const began = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - began;
}

async function firstHitMs() {
  const server = createServer((_request, response) => response.writeHead(204).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const hit = once(server, 'request').then(() => performance.now());
  const began = performance.now();
  const args = `run --url http://127.0.0.1:${port}/matomo.php --visits 1 --rate max --pause 0 --skip-validation`;
  const child = spawn(process.execPath, [PROGRAM, ...args.split(' ')], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const hitMs = await hit;
  await ended;
  server.close();
  return hitMs - began;
}
