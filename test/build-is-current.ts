import { spawnSync } from 'node:child_process';

/** The command line is tested as a child process of what is in dist/, so dist/ must be what src/ says. */
export function setup(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}
