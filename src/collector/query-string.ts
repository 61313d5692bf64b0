/**
 * What a parameter can be: a text from a query or form, anything JSON knows from a bulk line written as an
 * object, and lists or maps from names with brackets (`a[]=1`, `a[b]=1`).
 */
export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | ParameterValue[]
  | { [name: string]: ParameterValue };

/** The parameters of one hit by name. Without a prototype, so that no name a client sends can mean anything else. */
export type Parameters = { [name: string]: ParameterValue };

export function noParameters(): Parameters {
  return Object.create(null);
}

/** Decodes `%41` and `+`; a broken escape stays as it is, as the server's language does it. */
export function decodeText(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeBytes(spaced);
  }
}

/**
 * Reads a query string or a form body as PHP's `parse_str` does: the last of two equal names wins, dots and blanks
 * in a name become `_`, brackets make lists and maps.
 */
export function parseQuery(query: string): Parameters {
  const parameters = noParameters();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeText(equals < 0 ? pair : pair.slice(0, equals)).trimStart();
    if (name === '') continue;
    assign(parameters, name, equals < 0 ? '' : decodeText(pair.slice(equals + 1)));
  }
  return parameters;
}

function assign(parameters: Parameters, name: string, value: string): void {
  const bracket = name.indexOf('[');
  if (bracket <= 0 || !name.includes(']', bracket)) {
    parameters[name.replace(/[. [\0]/g, '_')] = value;
    return;
  }
  const keys = [...name.slice(bracket).matchAll(/\[([^\]]*)\]/g)].map(match => match[1] ?? '');
  let here = parameters;
  let key = name.slice(0, bracket).replace(/[. ]/g, '_');
  for (const next of keys) {
    const held = here[key];
    const inner: Parameters = isMap(held) ? held : noParameters();
    here[key] = inner;
    here = inner;
    key = next === '' ? String(Object.keys(inner).length) : next;
  }
  here[key] = value;
}

function isMap(value: ParameterValue | undefined): value is Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeBytes(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === '%' ? text.slice(at + 1, at + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else {
      bytes.push(...Buffer.from(text[at] ?? ''));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
