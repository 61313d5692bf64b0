import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../base/package-root.ts';

const folder = fileURLToPath(new URL('funnels/', packageRoot));

/** Names of the funnels in the package: those of their files. */
export function shippedFunnels(): readonly string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .map(file => basename(file, '.yaml'))
    .sort();
}

export function isShippedFunnel(name: string): boolean {
  return shippedFunnels().includes(name);
}

/** Names of shipped funnels with commas between them, as a variable has them; undefined: the text is none. */
export function funnelNames(text: string): readonly string[] | undefined {
  const names = text.split(',').map(name => name.trim());
  return names.every(isShippedFunnel) ? names : undefined;
}

/** The text of a shipped funnel's file, or undefined where there is none of that name. */
export function shippedFunnel(name: string): string | undefined {
  return isShippedFunnel(name) ? readFileSync(`${folder}${name}.yaml`, 'utf8') : undefined;
}
