import type { Leaf, Section } from './option-tree.ts';
import { configTree, flaggedOf, flagName } from './option-tree.ts';
import type { Entry, GivenTarget, Layer, Problem } from './origin.ts';
import type { Lookup } from './references.ts';
import { parseTargetSpec } from './target-spec.ts';
import { valueOfText } from './text-value.ts';
import { rangeEnds } from './value-types.ts';

/** What a command line said, by the key each flag is for; of a repeatable flag, a line each time. */
export type Flags = Readonly<Record<string, string | boolean>>;

export function flagLayer(given: Flags, lookup: Lookup): Layer {
  const entries: Entry[] = [];
  const targets: GivenTarget[] = [];
  const problems: Problem[] = [];
  for (const option of flaggedOf(configTree)) {
    const value = given[option.path];
    if (value === undefined) continue;
    const flag = flagName(option.meta?.flag ?? '');
    if (option.kind === 'leaf' && option.type === 'targets') {
      const specs = String(value).split('\n');
      for (const [index, spec] of specs.entries()) {
        const place = { flag: specs.length === 1 ? flag : `${flag} #${index + 1}`, lookup };
        const parsed = parseTargetSpec(spec, { ...place, label: `${option.path}[${index}]` });
        targets.push(parsed.target);
        problems.push(...parsed.problems);
      }
    } else if (option.kind === 'leaf') entries.push(entryOf(option, value, flag));
    else addRange(option, value, flag, entries, problems);
  }
  return { entries, targets, problems, broken: problems.length > 0 };
}

function entryOf(leaf: Leaf, value: string | boolean, flag: string): Entry {
  if (leaf.type === 'lines') {
    // Given again for each: a comma is no end of one here.
    const lines = String(value).split('\n');
    const placeOf = ([at]: readonly string[]) => ({
      kind: 'flag' as const,
      flag: lines.length === 1 || at === undefined ? flag : `${flag} #${Number(at) + 1}`,
    });
    return { path: leaf.path, value: lines, origin: { kind: 'flag', flag }, placeOf };
  }
  return {
    path: leaf.path,
    value: typeof value === 'string' ? valueOfText(leaf, value) : value,
    origin: { kind: 'flag', flag },
  };
}

function addRange(
  range: Section,
  value: string | boolean,
  flag: string,
  entries: Entry[],
  problems: Problem[],
): void {
  const ends = rangeEnds(value);
  if (ends === undefined) {
    problems.push({ path: range.path, value, rule: 'must be MIN-MAX or a number', from: flag });
    return;
  }
  entries.push({ path: `${range.path}.min`, value: ends.min, origin: { kind: 'flag', flag } });
  entries.push({ path: `${range.path}.max`, value: ends.max, origin: { kind: 'flag', flag } });
}
