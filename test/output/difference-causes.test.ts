import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { causeWords } from '../../src/output/difference-causes.ts';

test('the page about verification has every cause, in the words of the output, with what to do', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/verification.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\| (.+?) +\|$/gm)].flatMap(([, ...cells]) =>
    cells[0] !== undefined && cells[0] in causeWords ? [cells] : [],
  );
  expect(Object.fromEntries(rows.map(([cause, words]) => [cause, words]))).toEqual(causeWords);
  for (const [, , whatToDo] of rows) expect(whatToDo?.length).toBeGreaterThan(20);
});
