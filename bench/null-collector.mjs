import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** `trafficinator collector --null` in a process of its own, so that its CPU is not counted. */
export async function startNullCollector() {
  const bin = fileURLToPath(new URL('../bin/trafficinator.js', import.meta.url));
  const child = spawn(process.execPath, [bin, 'collector', '--null', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(child.stdout, 'data');
  return {
    origin: String(line).trim(),
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
