import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that tests write is in one folder, which goes when they have ended. @returns what takes it away */
export function setup(): () => void {
  const path = mkdtempSync(join(tmpdir(), 'trafficinator-test-'));
  process.env.TMPDIR = path;
  return () => rmSync(path, { recursive: true, force: true });
}
