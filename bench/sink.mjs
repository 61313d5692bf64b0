import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endsWithThis } from './children.mjs';

const PROGRAM = fileURLToPath(new URL('../bin/trafficinator.js', import.meta.url));

/** What answers, in a process of its own so that its CPU is not counted: nginx where it is installed, else our collector. */
export async function startSink() {
  const hasNginx = spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0;
  return (hasNginx && (await startNginx())) || startNullCollector();
}

/** `trafficinator collector --null`: answers every request with 204 at once and keeps nothing. */
export async function startNullCollector() {
  const child = endsWithThis(
    spawn(process.execPath, [PROGRAM, 'collector', '--null', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const [line] = await once(child.stdout, 'data');
  return { name: 'collector --null', origin: String(line).trim(), close: () => end(child) };
}

/**
 * nginx that answers 204, with one worker, and reads a hit at once: most are longer than the 1 kB that is its default for a
 * header. undefined where it does not begin.
 */
async function startNginx() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port));
  const child = endsWithThis(
    spawn('nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { stdio: 'ignore' }),
  );
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const close = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 50 && child.exitCode === null; tries++) {
    const status = await fetch(origin, { headers: { connection: 'close' } }).then(
      answer => answer.status,
      () => undefined,
    );
    if (status === 204) return { name: 'nginx', origin, close };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await close();
  return undefined;
}

function configuration(folder, port) {
  const bodies = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off; master_process off; pid ${folder}/pid;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s; client_max_body_size 16m;
  client_body_buffer_size 1m; client_header_buffer_size 8k; large_client_header_buffers 4 32k;
  ${bodies.map(kind => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  server { listen 127.0.0.1:${port}; location / { return 204; } }
}
`;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function end(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
