import { misspelt } from './known-variables.ts';
import { isWithin, type LegacyVariable } from './option.ts';
import type { Leaf, Variable } from './option-tree.ts';
import { variables } from './option-tree.ts';
import type { Entry, Layer, Origin, Problem } from './origin.ts';
import { originText } from './origin.ts';
import { numberedVariable } from './target-variables.ts';
import { numberOfText, valueOfText } from './text-value.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads what an environment or an env file says. An empty variable is not set, as in the Python Trafficinator. */
export function variableLayer(given: Variables, origin: (variable: string) => Origin): Layer {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  for (const variable of [...variables.values(), ...numberedIn(given)]) {
    const text = given[variable.name]?.trim();
    if (text !== undefined && text !== '') entries.push(entryOf(variable, text, origin(variable.name)));
  }
  for (const [name, text] of Object.entries(given)) {
    const meant = text === undefined ? undefined : misspelt(name);
    if (meant === undefined) continue;
    problems.push({
      path: '',
      rule: `is no variable (did you mean ${meant}?)`,
      from: originText(origin(name)),
    });
  }
  return { entries, problems, broken: problems.length > 0 };
}

function numberedIn(given: Variables): Variable[] {
  return Object.keys(given).flatMap(name => numberedVariable(name) ?? []);
}

function entryOf({ name, leaf, legacy }: Variable, text: string, origin: Origin): Entry {
  const path = leaf.path;
  if (legacy === undefined) {
    const value = valueOfText(leaf, text);
    return { path, value, origin, ...(leaf.meta.secret && { variable: name }) };
  }
  const number = numberOfText(text);
  if (number !== undefined && isWithin(legacy, number)) {
    return { path, value: legacy.toValue?.(number) ?? number, origin };
  }
  return { path, value: text, origin, violation: violationOf(legacy, leaf, number) };
}

function violationOf(legacy: LegacyVariable, leaf: Leaf, number: number | undefined): string {
  const limits = `must be a number from ${legacy.min} to ${legacy.max}`;
  if (number === undefined) return limits;
  return `${limits}, the limits of ${legacy.name}: those of ${leaf.path} in a file are wider`;
}
