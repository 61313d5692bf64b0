import { leavesOf, targetTree, type Variable } from './option-tree.ts';

/** Targets are numbered from 1; 1 is what variables without a number and `target` are about. */
export const mostNumbers = 99;

/** What stands before the number: `MATOMO_URL` of `MATOMO_URL_2`. */
export const numberedStems: ReadonlyMap<string, Variable> = new Map(
  leavesOf(targetTree).flatMap((leaf): [string, Variable][] => {
    const { numberedOnly, env = 'none' } = leaf.meta;
    const legacy = numberedOnly ? leaf.meta.legacy : undefined;
    const name = legacy?.name ?? env;
    return name === 'none' ? [] : [[name, { name, leaf, legacy }]];
  }),
);

/** `MATOMO_URL_2` as the variable of a target's key, with the key as that target's own. */
export function numberedVariable(name: string): Variable | undefined {
  const [, stem = '', digits = ''] = /^(.*)_([1-9]\d?)$/.exec(name) ?? [];
  const variable = numberedStems.get(stem);
  if (variable === undefined) return undefined;
  const path = numberedPath(Number(digits), variable.leaf.path);
  return { name, leaf: { ...variable.leaf, path }, legacy: variable.legacy };
}

/** The key of a numbered target among those of the run: `target.url`, `target2.url`. */
function numberedPath(number: number, key: string): string {
  return `target${number === 1 ? '' : number}.${key}`;
}

/** The number and the target's own key a path stands for, or undefined where it is no target's. */
export function numberedKey(path: string): { number: number; key: string } | undefined {
  const [, digits, key] = /^target(\d*)\.(.+)$/.exec(path) ?? [];
  if (digits === undefined || key === undefined) return undefined;
  return { number: digits === '' ? 1 : Number(digits), key };
}

/** The variable that says a key of a numbered target. */
export function variableOf(number: number, key: string): string {
  const stem = [...numberedStems.values()].find(({ leaf }) => leaf.path === key)?.name ?? key;
  return number === 1 ? stem : `${stem}_${number}`;
}
