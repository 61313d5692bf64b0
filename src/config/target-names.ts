import type { Entry } from './origin.ts';

type Said = ReadonlyMap<string, Pick<Entry, 'value'>>;

/**
 * The names of targets: those they are given, else the host of the URL, with the site's id where several would be
 * called the same. A name that is taken already gets a number.
 */
export function targetNames(targets: readonly Said[]): readonly string[] {
  const given = targets.map(said => {
    const name = said.get('name')?.value;
    return typeof name === 'string' && name !== '' ? name : undefined;
  });
  const hosts = targets.map((said, at) => (given[at] === undefined ? hostOf(said.get('url')?.value) : ''));
  const taken = new Set(given);
  return targets.map((said, at) => {
    const own = given[at];
    if (own !== undefined) return own;
    const host = hosts[at] ?? '';
    const isAlone = hosts.filter(other => other === host).length === 1;
    const name = untaken(isAlone ? host : `${host}-${String(said.get('siteId')?.value ?? 1)}`, taken);
    taken.add(name);
    return name;
  });
}

function untaken(name: string, taken: ReadonlySet<string | undefined>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
}

function hostOf(url: unknown): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : 'target';
}
