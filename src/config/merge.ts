import type { Entry, Layer } from './origin.ts';
import { originText } from './origin.ts';

/** What holds after all layers, and what to tell about how it came to be. */
export interface Merged {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly notices: readonly string[];
}

/**
 * Lays layers upon each other, later ones upon earlier ones. Who overrides a preset is told, because a
 * preset is chosen for what it sets.
 */
export function merge(layers: readonly Layer[], show: (entry: Entry) => string): Merged {
  const entries = new Map<string, Entry>();
  const preset = new Map<string, Entry>();
  const notices: string[] = [];
  for (const { entries: layer } of layers) {
    const own = new Map<string, Entry>();
    for (const entry of layer) {
      const other = own.get(entry.path);
      if (other !== undefined) {
        const [unused, used] = [originText(other.origin), originText(entry.origin)];
        notices.push(`${unused} is not used: ${used} sets ${entry.path} too`);
      }
      own.set(entry.path, entry);
      entries.set(entry.path, entry);
      if (entry.origin.kind === 'preset') preset.set(entry.path, entry);
    }
  }
  for (const [path, from] of preset) {
    const now = entries.get(path);
    if (now === undefined || now === from || path === 'description' || show(now) === show(from)) continue;
    const name = from.origin.kind === 'preset' ? from.origin.name : '';
    notices.push(
      `${originText(now.origin)} overrides preset ${name}: ${path} is ${show(now)}, not ${show(from)}`,
    );
  }
  return { entries, notices };
}
