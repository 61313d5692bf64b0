/** `{'a.b': 1}` as `{a: {b: 1}}`. */
export function nested(values: Iterable<readonly [path: string, value: unknown]>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = root;
    for (const key of keys) {
      const inner: Record<string, unknown> = isRecord(at[key]) ? at[key] : {};
      at[key] = inner;
      at = inner;
    }
    at[last] = value;
  }
  return root;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `1` of `{a: {b: 1}}` at `a.b`. */
export function valueAt(values: Readonly<Record<string, unknown>>, path: string): unknown {
  let at: unknown = values;
  for (const key of path.split('.')) at = isRecord(at) ? at[key] : undefined;
  return at;
}
