/**
 * What is compared of a hit or a visit beyond counts and times, by the figure that counts it: `page title`,
 * `dimension 2`. Each is one or several values.
 */
export type Details = ReadonlyMap<string, readonly Value[]>;

/** null: none. Undefined: one side does not say, or may say it in another way, and it is not compared. */
export type Value = string | number | null | undefined;

/** What a plan and a log tell of the same, side by side. */
export interface ComparedDetail {
  readonly name: string;
  readonly isSame: boolean;
  readonly planned: string;
  readonly recorded: string;
}

/** Compares what is planned; of what nobody planned, as values a server finds in addresses itself, nothing is said. */
export function comparedDetails(planned: Details, recorded: Details): ComparedDetail[] {
  const compared: ComparedDetail[] = [];
  for (const [name, values] of planned) {
    const told = recorded.get(name) ?? recorded.get(kindOf(name));
    if (told === undefined) continue;
    const pairs = values
      .map((value, at) => [value, told[at]] as const)
      .filter(([one, other]) => one !== undefined && other !== undefined);
    if (pairs.length === 0) continue;
    compared.push({
      name,
      isSame: pairs.every(([one, other]) => isSame(one, other)),
      planned: inWords(values),
      recorded: inWords(told),
    });
  }
  return compared;
}

/** `goal` of `goal 3`: where a log says something of all that it does not name. */
function kindOf(name: string): string {
  return name.slice(0, name.indexOf(' '));
}

/** Servers keep some numbers with seven digits. */
function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other;
  return Math.abs(one - other) <= 1e-6 * Math.max(Math.abs(one), Math.abs(other)) + 1e-9;
}

function inWords(values: readonly Value[]): string {
  return values.map(value => value ?? '–').join(' · ');
}

/** Columns hold more; what is longer may be cut. */
const LONGEST = 200;

/**
 * A text as Matomo surely keeps it, character for character; undefined for others: with white space at its ends or
 * control characters, which it takes out, with what looks like an HTML entity, which it decodes, with characters beyond
 * three bytes, which older databases do not hold, and `0`, which counts as nothing as no text does.
 */
export function keptText(text: string): string | undefined {
  const isKept =
    text.length <= LONGEST &&
    text !== '' &&
    text !== '0' &&
    text === text.trim() &&
    !/[\p{Cc}\p{Surrogate}]|[\u{10000}-\u{10FFFF}]|&#?\w+;/u.test(text);
  return isKept ? text : undefined;
}

/**
 * Host and path of an address. Matomo takes parameters out of the rest as its settings say, and tells http as https
 * where a site is known by that.
 */
export function hostAndPath(url: string): string | undefined {
  const parts = /^[a-z]+:\/\/([^/?#]+)([^?#]*)/i.exec(url);
  if (parts === null || url.length > 900 || !/^[!#$%()*+,\-./:=?@[\]_~\w&]+$/.test(url)) return undefined;
  const [, host = '', path = ''] = parts;
  return path.includes('&') ? undefined : host.toLowerCase() + path;
}
