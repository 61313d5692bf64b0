/** Where a part of a document stands, as people write it: `traffic.goals[0].id`. */
export function keyPath(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, at) => {
      if (typeof key === 'number') return `[${key}]`;
      return `${at === 0 ? '' : '.'}${String(key)}`;
    })
    .join('');
}
