/** Shorter ones stand in every second word. */
const SHORT = 4;

/** A secret as it may be shown. Two letters of a short one would give too much away. */
export function mask(secret: string): string {
  return secret.length < 8 ? '…' : `${secret.slice(0, 2)}…`;
}

/**
 * The text with every secret masked wherever it stands: as it is, URL-encoded (as `encodeURIComponent` and as forms
 * do, either case of the digits), and escaped in JSON (as JavaScript and as PHP do).
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
    .flatMap(secret =>
      encodedForms(secret).map(form => ({ form, mask: mask(secret), short: secret.length < SHORT })),
    )
    // The longest first: a secret may hold another.
    .sort((a, b) => b.form.length - a.form.length)
    .map(({ form, mask, short }) => ({ search: short ? asValue(form) : anywhere(form), mask }));
  return text => {
    // Again until nothing is found: what remains around a mask could make up a secret anew. Every mask is shorter
    // than what it stands for, so this ends.
    for (let shown = text; ; text = shown) {
      for (const { search, mask } of searches) shown = shown.replaceAll(search, () => mask);
      if (shown === text) return shown;
    }
  };
}

/** All spellings in which a secret could come back. */
export function encodedForms(secret: string): string[] {
  // encodeURIComponent refuses half of a surrogate pair; a request would hold its replacement instead.
  const whole = wellFormed(secret);
  const component = encodeURIComponent(whole);
  const form = new URLSearchParams([['', whole]]).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const php = escapeAll(json).replaceAll('/', '\\/');
  return [...new Set([secret, component, form, json, php, encodeURIComponent(wellFormed(json))])];
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** PHP writes everything beyond ASCII as `\uXXXX`. */
function escapeAll(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function anywhere(form: string): RegExp {
  return new RegExp(source(form), 'g');
}

function asValue(form: string): RegExp {
  const value = source(form);
  const before = String.raw`(?<=[=:]\s?|["'\x60]|%3D|%22)`;
  const after = String.raw`(?=$|[\s&;,"'\x60)\]}#]|%26|%22)`;
  return new RegExp(`^${value}$|${before}${value}${after}`, 'g');
}

/** A pattern for the form itself; of `%2F` and `\u00e9` the digits may be of either case. */
function source(form: string): string {
  return form.replace(/%[0-9A-Fa-f]{2}|\\u[0-9a-f]{4}|[\\^$.*+?()[\]{}|/]/g, found =>
    found.length === 1 ? `\\${found}` : eitherCase(found),
  );
}

function eitherCase(code: string): string {
  return code.replace(/[a-fA-F\\]/g, unit =>
    unit === '\\' ? '\\\\' : `[${unit.toLowerCase()}${unit.toUpperCase()}]`,
  );
}
