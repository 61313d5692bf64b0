import { stringify } from 'yaml';
import { groups } from './option.ts';
import { type Leaf, leavesOf, type Section, settingsTree } from './option-tree.ts';

/**
 * A configuration file with every key, its meaning and its default, all commented out: as it is, it says
 * nothing but what is true without it.
 *
 * @param schemaPath the JSON Schema, as seen from the file's folder, for editors
 */
export function starterFile(schemaPath: string): string {
  const lines = [
    `# yaml-language-server: $schema=${schemaPath}`,
    '#',
    '# Configuration of trafficinator. What is commented out is the default; environment variables and',
    '# flags override what stands here. A value may be a reference to a variable: $' +
      '{VAR} or $' +
      '{VAR:-default}.',
  ];
  for (const group of groups) {
    lines.push('', `# ── ${group} ──`);
    for (const [key, node] of settingsTree.keys) {
      if (groupOf(node) === group) lines.push(...linesOf(key, node, ''));
    }
  }
  return `${lines.join('\n')}\n`;
}

function groupOf(node: Leaf | Section): string | undefined {
  if (node.kind === 'leaf') return node.meta.group;
  return leavesOf(node)[0]?.meta.group;
}

/** A mark and a space begin text, a mark alone YAML that counts once the mark is taken away. */
function linesOf(key: string, node: Leaf | Section, indent: string): string[] {
  if (node.kind === 'leaf' && node.type === 'targets') return severalTargets;
  if (node.path === 'target.features') {
    return [`${indent}# features: any key of \`traffic\`, for the visits to this target`];
  }
  if (node.kind === 'section' && node.meta === undefined) {
    const inner = [...node.keys].flatMap(([name, child]) => linesOf(name, child, `${indent}  `));
    return [`${indent}#${key}:`, ...inner];
  }
  const otherwise =
    node.kind === 'leaf' && node.meta.otherwise !== undefined ? `; default: ${node.meta.otherwise}` : '';
  return [`${indent}# ${node.meta?.description}${otherwise}`, `${indent}#${key}:${example(node)}`];
}

/** Text, not YAML to be uncommented: the servers do not exist. */
const severalTargets = [
  '# several targets, in place of `target`; every key of `target` may stand in each:',
  '#   targets:',
  '#     - { name: a, url: https://a.example/, siteId: 1, tokenEnv: TOKEN_A, weight: 3 }',
  '#     - { name: b, url: https://b.example/, siteId: 1, tokenEnv: TOKEN_B }',
];

function example(node: Leaf | Section): string {
  const value =
    node.kind === 'leaf'
      ? node.byDefault
      : Object.fromEntries(
          [...node.keys].map(([name, end]) => [name, end.kind === 'leaf' ? end.byDefault : null]),
        );
  return value === undefined
    ? ''
    : ` ${stringify(value, { collectionStyle: 'flow', flowCollectionPadding: true }).trim()}`;
}
