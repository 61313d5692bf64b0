import type { FlagOwner, Group } from './option.ts';
import { configTree, flaggedOf, type Leaf, type Section } from './option-tree.ts';
import { valueText } from './problem-text.ts';

/** An option of `run` as plain data, so that its help needs no schema. */
export interface OptionRow {
  /** The key it sets. */
  readonly key: string;
  /** As commander reads it. */
  readonly flag: string;
  /** With its default. */
  readonly description: string;
  readonly group: Group;
  /** The command that alone has it. */
  readonly only?: FlagOwner;
  /** May be given again: its texts come as one, a line each. */
  readonly repeatable?: true;
}

/** Every flag, in the schema's order. */
export function optionTable(): readonly OptionRow[] {
  return flaggedOf(configTree).map(option => {
    const { flag = '', description = '', group = 'what', only, repeatable } = option.meta ?? {};
    const byDefault = defaultText(option);
    const text = `${description}${byDefault && ` (${byDefault})`}`;
    return {
      key: option.path,
      flag,
      description: text,
      group,
      ...(only && { only }),
      ...(repeatable && { repeatable }),
    };
  });
}

/** `default: 50`, or what happens without the option; nothing for a switch. */
function defaultText(option: Leaf | Section): string {
  if (option.kind === 'section') {
    const [min, max] = [...option.keys.values()].map(end =>
      end.kind === 'leaf' ? valueText(end.byDefault) : '',
    );
    return `default: ${min}-${max}`;
  }
  if (option.type === 'boolean') return '';
  const { byDefault, meta } = option;
  const isSaid = byDefault !== undefined && !(Array.isArray(byDefault) && byDefault.length === 0);
  if (isSaid) return `default: ${valueText(byDefault)}`;
  return meta.otherwise === undefined ? '' : `default: ${meta.otherwise}`;
}
