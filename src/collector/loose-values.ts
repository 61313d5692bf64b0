/** The server's language compares and converts loosely; here are the few of its habits that decide what is recorded. */

const number = /^[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*$/;
const plainNumber = /^[+-]?(\d+|\d*\.\d+|\d+\.\d*)([eE][+-]?\d+)?$/;
const wholeNumber = /^-?(0|[1-9]\d*)$/;

/** True for texts such as `12`, ` 1.5e3` and for numbers. */
export function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && number.test(value));
}

/** The whole number a parameter holds, or undefined where it holds none (`1.5`, `abc`). */
export function wholeNumberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value === 'boolean') return value ? 1 : undefined;
  if (typeof value !== 'string') return undefined;
  if (wholeNumber.test(value)) return Number(value);
  // `01` and `1.0` equal the text of their whole number when both are compared as numbers.
  return isNumeric(value) && Number.isInteger(Number(value)) ? Number(value) : undefined;
}

/** The number a parameter holds, or undefined where it holds none. */
export function decimalOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && plainNumber.test(value) ? Number(value) : undefined;
}

/** What counts as "not given": nothing, false, 0, `0`, an empty text or list. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return !value || value === '0';
}

/** Without the white space (and NUL) at both ends. */
export function trimmed(text: string): string {
  return text.replace(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, '');
}

/** The first `limit` bytes of a text, as columns and limits of the server count them. */
export function firstBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text;
  const bytes = Buffer.from(text);
  return bytes.length <= limit
    ? text
    : bytes
        .subarray(0, limit)
        .toString('utf8')
        .replace(/\uFFFD+$/, '');
}

/** Money as the server keeps it: whole numbers as they are, the rest rounded to cents (half away from zero). */
export function roundedMoney(amount: number): number {
  if (Number.isInteger(amount)) return amount;
  return (Math.sign(amount) * Math.round((Math.abs(amount) + Number.EPSILON) * 100)) / 100;
}
