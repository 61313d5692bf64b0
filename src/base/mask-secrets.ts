/** Shorter ones stand in every second word. */
const SHORT = 4;

/** A secret as it may be shown. Two letters of a short one would give too much away. */
export function mask(secret: string): string {
  return secret.length < 8 ? '…' : `${secret.slice(0, 2)}…`;
}

/**
 * The text with every secret masked wherever it stands: as it is, URL-encoded (also as forms do, twice, and whatever
 * the encoder leaves alone), and escaped in JSON (as JavaScript and as PHP do).
 *
 * A secret of 1 to 3 characters is masked only where it stands as a value: where it is the whole text, or between
 * what delimits values (`token_auth=ab&`, `"ab"`, `: ab`). To mask an `a` everywhere would destroy the text, and
 * show by the holes what the secret is.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.length === 0 ? text : secretMask(secrets)(text);
}

/** `maskSecrets` prepared for many texts. */
export function secretMask(secrets: readonly string[]): (text: string) => string {
  const searches = secrets
    .filter(secret => secret !== '')
    // The longest first: a secret may hold another.
    .toSorted((a, b) => b.length - a.length)
    .map(secret => ({
      search: secret.length < SHORT ? asValue(secret) : new RegExp(anySpelling(secret), 'g'),
      mask: mask(secret),
    }));
  return text => {
    // Again until nothing is found: what remains around a mask could make up a secret anew. No mask is longer than
    // what it stands for, so this ends.
    for (let shown = text; ; text = shown) {
      for (const { search, mask } of searches) shown = shown.replaceAll(search, () => mask);
      if (shown === text) return shown;
    }
  };
}

function asValue(secret: string): RegExp {
  const value = anySpelling(secret);
  const before = String.raw`(?<=[=:]\s?|["'\x60]|%3D|%22)`;
  const after = String.raw`(?=$|[\s&;,"'\x60)\]}#]|%26|%22)`;
  return new RegExp(`^${value}$|${before}${value}${after}`, 'g');
}

/**
 * A pattern of the secret with each character in any of its spellings. Encoders differ in the characters they leave
 * as they are, so a list of whole encoded forms would always lack one.
 */
function anySpelling(secret: string): string {
  return [...secret].map(character => `(?:${spellings(character).join('|')})`).join('');
}

function spellings(character: string): string[] {
  // Once or more often URL-encoded: `%2F`, `%252F`.
  const bytes = [...Buffer.from(character)].map(byte => `%(?:25)*${hex(byte, 2)}`).join('');
  const units = character.split('').map(unit => unit.charCodeAt(0));
  const all = [literal(character), bytes, units.map(unit => `${BACKSLASH}u${hex(unit, 4)}`).join('')];
  if (character === ' ') all.push('\\+');
  // Half of a surrogate pair is sent as its replacement.
  if (/\p{Surrogate}/u.test(character)) all.push('\uFFFD');
  const json = JSON.stringify(character).slice(1, -1);
  if (/^\\[^u]$/.test(json)) all.push(`${BACKSLASH}(?:${literal(json.slice(1))}|${bytes})`);
  if (character === '/') all.push(`${BACKSLASH}(?:\\/|${bytes})`);
  return all;
}

/** Of an escape in JSON, which may be URL-encoded as a whole. */
const BACKSLASH = '(?:\\\\|%(?:25)*5[cC])';

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Hexadecimal digits of either case. */
function hex(value: number, digits: number): string {
  return value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, letter => `[${letter}${letter.toUpperCase()}]`);
}
