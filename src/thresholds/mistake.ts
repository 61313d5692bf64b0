/** What is wrong with the text of a threshold. */
export class Mistake extends Error {
  override name = 'Mistake' as const;
  /** Where in the text, from 0; its length where something is missing at the end. */
  readonly at: number;
  /** What is allowed there. */
  readonly allowed: string;

  constructor(at: number, allowed: string) {
    super(`must have at character ${at + 1} ${allowed}`);
    this.at = at;
    this.allowed = allowed;
  }
}

/** The text in a line of its own, and a caret under the place. */
export function pointedAt(text: string, at: number): string {
  const shown = text.replace(/\s/g, ' ');
  return `    ${shown}\n    ${' '.repeat(at)}^`;
}
