import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskSecrets } from '../../src/base/mask-secrets.ts';

/** Spelt out here once more, apart from the code under test. */
const spellings: readonly ((secret: string) => string)[] = [
  secret => secret,
  secret => encodeURIComponent(secret),
  secret => encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
  secret => encodeURIComponent(secret).replaceAll('%20', '+'),
  secret => new URLSearchParams([['', secret]]).toString().slice(1),
  secret => encodeURIComponent(encodeURIComponent(secret)),
  secret => encodeURIComponent(JSON.stringify(secret).slice(1, -1)),
  secret => JSON.stringify(secret).slice(1, -1),
  secret => JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
];
const secret = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 4 }),
  fc.string({ unit: fc.constantFrom('a', '2', '%', '\\', '"', '/', '.', '…', ' ', '\n'), minLength: 4 }),
);

describe('masking', () => {
  test('a secret never appears, however it is encoded and whatever stands around it', () => {
    fc.assert(
      fc.property(
        secret,
        fc.string(),
        fc.string(),
        fc.nat(spellings.length - 1),
        (token, before, after, which) => {
          const text = before + spellings[which]?.(token) + after;
          const shown = maskSecrets(text, [token]);
          for (const spelling of spellings) expect(shown).not.toContain(spelling(token));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('several secrets, one within another, are all masked', () => {
    fc.assert(
      fc.property(secret, secret, fc.string(), (one, two, between) => {
        const shown = maskSecrets(`${one}${between}${two}${one}${two}`, [one, two, one + two]);
        expect(shown).not.toContain(one);
        expect(shown).not.toContain(two);
      }),
    );
  });

  test('shows two letters of a long secret and none of a short one', () => {
    expect(maskSecrets('token 0123456789abcdef!', ['0123456789abcdef'])).toBe('token 01…!');
    expect(maskSecrets('token hello!', ['hello'])).toBe('token …!');
  });

  test('a secret of 1 to 3 characters is masked where it is a value, and leaves words alone', () => {
    expect(maskSecrets('a', ['a'])).toBe('…');
    expect(maskSecrets('token_auth=abc&x=1', ['abc'])).toBe('token_auth=…&x=1');
    expect(maskSecrets('{"token_auth":"abc"}', ['abc'])).toBe('{"token_auth":"…"}');
    expect(maskSecrets('token: abc', ['abc'])).toBe('token: …');
    expect(maskSecrets('%22abc%22', ['abc'])).toBe('%22…%22');
    expect(maskSecrets('the abc of an abcess', ['abc'])).toBe('the abc of an abcess');
    expect(maskSecrets('a target of a run', ['a'])).toBe('a target of a run');
  });

  test('what JSON of PHP makes of a secret is masked too', () => {
    expect(maskSecrets('"k\\u00E9y\\/1234"', ['kéy/1234'])).toBe('"ké…"');
    expect(maskSecrets('"\\ud83d\\udc4d\\u00e9abcdefg"', ['👍éabcdefg'])).toBe('"👍…"');
  });

  test('without secrets, or with an empty one, nothing changes', () => {
    expect(maskSecrets('a b', [])).toBe('a b');
    expect(maskSecrets('a b', [''])).toBe('a b');
  });
});
