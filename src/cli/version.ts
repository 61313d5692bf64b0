import { readFileSync } from 'node:fs';
import { packageRoot } from '../base/package-root.ts';

/** The version in the package's own package.json. */
export function version(): string {
  const text = readFileSync(new URL('package.json', packageRoot), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
