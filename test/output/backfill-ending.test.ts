import { expect, it } from 'vitest';
import { BackfillEnding } from '../../src/output/backfill-ending.ts';
import { headlineText } from '../../src/output/verdict.ts';
import type { Report } from '../../src/run/report.ts';
import { plainChalk as chalk, hitCounts, report, visitCounts } from './samples.ts';
import { Written } from './screen.ts';

function shown(of: Report, columns: number): string {
  const stream = new Written(columns);
  new BackfillEnding({
    stream,
    chalk,
    resume: 'trafficinator backfill --resume',
    archiving: [],
  }).finish(of);
  return stream.text;
}

function ending(partial: number, remaining: number): string {
  const { run } = report();
  return shown(
    report({
      run: { ...run, remaining },
      visits: visitCounts(50, { completed: 50 - partial, partial }),
      days: [{ date: '2026-01-01', planned: 50, recorded: 50 - partial }],
    }),
    80,
  );
}

it('says of missing visits how many may be there in part, once nothing is left to send', () => {
  expect(ending(0, 0)).not.toContain('in part');
  expect(ending(3, 7)).not.toContain('in part');
  expect(ending(1, 0)).toContain(
    '! 1 missing visit is there in part, or it is not known which hits are: none is',
  );
  expect(ending(3, 0)).toContain(
    '! 3 missing visits are there in part, or it is not known which hits are: none',
  );
});

it('says of what is left how much of it was sent before', () => {
  const { run } = report();
  const broken = report({
    run: { ...run, remaining: 30, stoppedBy: 'signal' },
    exitCode: 130,
    visits: visitCounts(25, { completed: 20, failed: 5 }),
    hits: hitCounts(75, { accepted: 60, unknown: 15 }),
    days: [{ date: '2026-01-01', planned: 50, recorded: 20 }],
  });
  expect(shown(broken, 120)).toContain(
    'next    30 visits left, 5 of them tried before; of what has no answer the server is asked. It goes on where it was',
  );
  expect(headlineText(broken)).toContain('stopped by Ctrl-C before 25 more visits');
});
