/** Finds the value of a variable; undefined when it is unset or empty. */
export type Lookup = (variable: string) => string | undefined;

export interface Resolved {
  readonly text: string;
  /** The one variable that is all of the text; undefined where the text holds more, or a reference's default. */
  readonly variable: string | undefined;
  /** What is wrong with a reference. */
  readonly rule: string | undefined;
}

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** A text with its `${VAR}` and `${VAR:-default}` references replaced, or undefined where it has none. */
export function resolveReferences(text: string, lookup: Lookup): Resolved | undefined {
  if (!text.includes('${')) return undefined;
  let variable: string | undefined;
  let rule: string | undefined;
  const resolved = text.replace(reference, (whole, name: string, byDefault: string | undefined) => {
    const value = lookup(name);
    if (value !== undefined && whole === text) variable = name;
    if (value === undefined && byDefault === undefined) rule = `refers to ${name}, which is not set`;
    return value ?? byDefault ?? '';
  });
  if (text.replace(reference, '').includes('${')) {
    rule = 'holds a "${" that begins no reference to a variable';
  }
  return { text: resolved, variable, rule };
}

/**
 * A text that holds nothing of its own but references and the name of a scheme, as `Bearer ${TOKEN}`: it may be
 * shown where what it stands for may not.
 */
export function isReferenceAlone(text: string): boolean {
  return (
    /\$\{[A-Za-z_][A-Za-z0-9_]*\}/.test(text) &&
    /^(?:(?:Basic|Bearer|Token) )?$/i.test(withoutReferences(text))
  );
}

/** A default inside of a reference is text of its own. */
function withoutReferences(text: string): string {
  return text.replace(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/g, '');
}
