// Compiles src/ into dist/. It is built beside and put in place when whole, so that a deleted module cannot live on
// and whoever runs dist/ meanwhile never sees half of it.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const fresh = `dist.${process.pid}.tmp`;
const old = `dist.${process.pid}.old`;
const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', fresh];
const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (status === 0) {
  if (existsSync('dist')) renameSync('dist', old);
  renameSync(fresh, 'dist');
}
for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
process.exit(status ?? 1);
