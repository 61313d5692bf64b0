import { groups } from './option.ts';
import {
  configTree,
  flagName,
  type Leaf,
  leavesOf,
  nodeAt,
  settingsTree,
  targetTree,
} from './option-tree.ts';
import { valueText } from './problem-text.ts';
import { inlineKey } from './target-spec.ts';
import { numberedKey, numberedStems } from './target-variables.ts';

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
  const leaves = leavesOf(configTree).filter(leaf => numberedKey(leaf.path) === undefined);
  return groups
    .flatMap(group => {
      const table = tableOf(
        group,
        ['key', 'flag', 'variable', 'default', 'meaning'],
        leaves.filter(leaf => leaf.meta.group === group).map(row),
      );
      return group === 'where' ? [table, targetTable()] : [table];
    })
    .join('\n\n');
}

function tableOf(heading: string, columns: readonly string[], rows: readonly string[]): string {
  return `### ${heading}\n\n${cells(columns)}\n|${'---|'.repeat(columns.length)}\n${rows.join('\n')}`;
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map(text => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The keys of one target. Features are those of the traffic, which has a table of its own. */
function targetTable(): string {
  const leaves = leavesOf(targetTree).filter(leaf => !leaf.path.startsWith('features.'));
  const rows = leaves.map(leaf => {
    const { meta, path, byDefault } = leaf;
    const stem = [...numberedStems.values()].find(variable => variable.leaf.path === path);
    const limits = stem?.legacy === undefined ? '' : ` (${stem.legacy.min} to ${stem.legacy.max})`;
    const variable = stem === undefined ? '' : `${code(`${stem.name}_2`)}${limits}`;
    return cells([
      code(path),
      meta.flag === undefined ? '' : code(flagName(meta.flag)),
      meta.notInline === undefined ? code(inlineKey(path)) : '',
      variable,
      byDefault === undefined ? (meta.otherwise ?? '') : code(valueText(byDefault)),
      meta.description,
    ]);
  });
  const features = [
    code('features.…'),
    '',
    code('features.…'),
    '',
    "the run's",
    'any key of `traffic`, for the visits to this target',
  ];
  const columns = ['key', 'flag', 'in `--target`', 'variable', 'default', 'meaning'];
  return tableOf('one target', columns, [...rows, cells(features)]);
}

function row(leaf: Leaf): string {
  const key = isSetting(leaf) ? code(leaf.path) : '';
  const flag = flagOf(leaf);
  const names = leaf.variables.map(({ name, legacy }) =>
    legacy === undefined ? code(name) : `${code(name)} (${legacy.min} to ${legacy.max})`,
  );
  const byDefault =
    leaf.byDefault === undefined ? (leaf.meta.otherwise ?? '') : code(valueText(leaf.byDefault));
  const flagCell = flag === undefined ? '' : code(flag);
  return cells([key, flagCell, names.join(', '), byDefault, leaf.meta.description]);
}

function isSetting(leaf: Leaf): boolean {
  return settingsTree.keys.has(leaf.path.split('.')[0] ?? '');
}

/** The flag of a key, or of the range it is an end of. */
function flagOf(leaf: Leaf): string | undefined {
  if (leaf.meta.flag !== undefined) return leaf.meta.flag;
  const range = nodeAt(configTree, leaf.path.split('.').slice(0, -1).join('.'));
  const flag = range?.kind === 'section' ? range.meta?.flag : undefined;
  return flag === undefined ? undefined : flagName(flag);
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
