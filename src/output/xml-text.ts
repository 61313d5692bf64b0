/** What XML 1.0 has no place for, not even escaped: most control characters, halves of surrogate pairs, U+FFFE, U+FFFF. */
const impossible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser makes a space of each in an attribute, and a line end of a carriage return.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Any text as it may stand in an attribute or between tags: read back it is the same, but for what XML cannot say. */
export function xmlText(text: string): string {
  return text.replace(impossible, '\ufffd').replace(/[&<>"\t\n\r]/g, character => escapes[character] ?? '');
}
