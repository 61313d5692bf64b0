import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import type { PageListCheck } from '../config/page-list-check.ts';
import { aligned } from './aligned.ts';
import type { Context } from './context.ts';

const examples = `
Examples:
  $ trafficinator pages check urls.txt
  $ trafficinator pages check urls.txt --json | jq .duplicates

Exit codes: 0 the list can be used · 2 lines of it cannot, each of which is told, or there is no such file
`;

/** What a person reads of each kind; --json has all. */
const MOST_SHOWN = 20;

/** `trafficinator pages check`. */
export function define(command: Command, context: Context): void {
  command.addHelpText('after', examples);
  command
    .command('check')
    .argument('<file>', 'a page list: one URL a line, then a tab or two spaces and a title')
    .option('--json', 'print all that is found as JSON')
    .summary('counts, structure, duplicates, mistakes')
    .description('Tells what is in a page list, and what is wrong with it. Nothing is sent.')
    .action(async (file: string, { json }: { json?: true }) => {
      const found = await check(file, context);
      if (json) context.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      else show(found, context);
      if (found.problems.length > 0) context.exitWith(ExitCode.Usage);
    });
}

async function check(file: string, context: Context): Promise<PageListCheck> {
  const [{ checkPageList }, { fileText, readTextFile }] = await Promise.all([
    import('../config/page-list-check.ts'),
    import('../config/read-file.ts'),
  ]);
  const read = fileText(resolve(context.cwd, file), readTextFile);
  if (read.text === undefined) throw new Failure('FILE_UNREADABLE', `${file} ${read.rule}`);
  return checkPageList(read.text, file);
}

/** What is there goes to stdout, what is wrong or odd with it to stderr. */
function show(found: PageListCheck, { stdout, stderr }: Context): void {
  const { file, problems, duplicates, warnings } = found;
  if (found.pages > 0) stdout.write(`${overview(found)}\n${categories(found)}`);
  for (const warning of warnings) stderr.write(`warning: ${file} has ${warning}\n`);
  for (const { url, lines } of duplicates.slice(0, MOST_SHOWN)) {
    stderr.write(`warning: ${file}:${lines[0]}: ${url} is also in ${placesOf(lines.slice(1))}\n`);
  }
  const more = duplicates.length - MOST_SHOWN;
  if (more > 0) stderr.write(`warning: ${more} more URLs are there twice or more: --json lists them\n`);
  for (const { line, text, rule } of problems.slice(0, MOST_SHOWN)) {
    stderr.write(`error: ${file}:${line}: ${text === '' ? '' : `${text.slice(0, 80)} `}${rule}\n`);
  }
  const others = problems.length - MOST_SHOWN;
  if (others > 0) stderr.write(`error: ${others} more lines are no page: --json lists them\n`);
}

function placesOf([first = 0, ...others]: readonly number[]): string {
  return others.length === 0 ? `line ${first}` : `lines ${[first, ...others].join(', ')}`;
}

function overview({ pages, differentUrls, titled, sites, depths }: PageListCheck): string {
  const [site, ...otherSites] = sites;
  return aligned([
    ['pages', `${number(pages)}, ${number(differentUrls)} different`],
    [
      'titles',
      titled === pages ? 'all in the list' : `${number(titled)} in the list, the others are made from URLs`,
    ],
    ['site', otherSites.length === 0 ? (site?.host ?? '') : `${number(sites.length)}, most of ${site?.host}`],
    ['levels', depths.map(({ depth, pages: own }) => `${depth}: ${number(own)}`).join(' · ')],
  ]);
}

function categories({ categories: all }: PageListCheck): string {
  const rows = all
    .slice(0, MOST_SHOWN)
    .map(({ name, pages, subcategories }) => [`/${name}`, number(pages), number(subcategories)]);
  const table = aligned([['category', 'pages', 'subcategories'], ...rows], { right: new Set([1, 2]) });
  const more = all.length - MOST_SHOWN;
  return more > 0 ? `${table}and ${number(more)} more\n` : table;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
