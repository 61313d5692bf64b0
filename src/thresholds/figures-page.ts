import { type Figure, figures, type Unit } from './figures.ts';

/** Where the table of `docs/thresholds.md` stands. What is outside of the marks is written by hand. */
const begin = '<!-- generated: npm run generate -->';
const end = '<!-- end of generated -->';

const limits: Readonly<Record<Unit, string>> = {
  time: '`800ms`',
  share: '`1%`',
  count: '`10`',
  rate: '`9.5`',
};

/** The page with its table made anew. */
export function withFigures(page: string): string {
  const head = page.slice(0, page.indexOf(begin) + begin.length);
  const tail = page.slice(page.indexOf(end));
  const rows = figures.map(row).join('\n');
  return `${head}\n\n| figure | limit | meaning |\n|---|---|---|\n${rows}\n\n${tail}`;
}

function row({ name, unit, meaning }: Figure): string {
  return `| \`${name}\` | ${limits[unit]} | ${meaning} |`;
}
