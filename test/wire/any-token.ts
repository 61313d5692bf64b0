import fc from 'fast-check';

/** What may stand in a variable or a file: a token is any text. */
export const anyToken = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: 'binary-ascii', minLength: 1 }),
);
