import { groups } from './option.ts';
import { configTree, flagName, type Leaf, leavesOf, type Section, settingsTree } from './option-tree.ts';
import { valueText } from './problem-text.ts';

/** Where the tables of `docs/configuration.md` stand. What is outside of the marks is written by hand. */
const begin = '<!-- generated: npm run generate -->';
const end = '<!-- end of generated -->';

/** The page with its tables made anew. */
export function withTables(page: string): string {
  const head = page.slice(0, page.indexOf(begin) + begin.length);
  const tail = page.slice(page.indexOf(end));
  return `${head}\n\n${tables()}\n\n${tail}`;
}

function tables(): string {
  const leaves = leavesOf(configTree);
  return groups
    .map(group => {
      const rows = leaves.filter(leaf => leaf.meta.group === group).map(row);
      const header = '| key | flag | variable | default | meaning |\n|---|---|---|---|---|';
      return `### ${group}\n\n${header}\n${rows.join('\n')}`;
    })
    .join('\n\n');
}

function row(leaf: Leaf): string {
  const key = isSetting(leaf) ? code(leaf.path) : '';
  const flag = flagOf(leaf);
  const names = leaf.variables.map(({ name, legacy }) =>
    legacy === undefined ? code(name) : `${code(name)} (${legacy.min} to ${legacy.max})`,
  );
  const byDefault =
    leaf.byDefault === undefined ? (leaf.meta.otherwise ?? '') : code(valueText(leaf.byDefault));
  const cells = [
    key,
    flag === undefined ? '' : code(flag),
    names.join(', '),
    byDefault,
    leaf.meta.description,
  ];
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function isSetting(leaf: Leaf): boolean {
  return settingsTree.keys.has(leaf.path.split('.')[0] ?? '');
}

/** The flag of a key, or of the range it is an end of. */
function flagOf(leaf: Leaf): string | undefined {
  if (leaf.meta.flag !== undefined) return leaf.meta.flag;
  const range = sectionAt(leaf.path.split('.').slice(0, -1));
  return range?.meta?.flag === undefined ? undefined : flagName(range.meta.flag);
}

function sectionAt(keys: readonly string[]): Section | undefined {
  let at: Leaf | Section | undefined = configTree;
  for (const key of keys) at = at?.kind === 'section' ? at.keys.get(key) : undefined;
  return at?.kind === 'section' ? at : undefined;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
