import { expect, test } from 'vitest';
import { VerificationProgressView } from '../../src/output/verification-progress-view.ts';
import { until } from '../support/until.ts';

const reading = { target: 'a', stage: 'reading', found: 1200, expected: 2000, leftMs: null } as const;
const waiting = { target: 'b', stage: 'waiting', found: 7, expected: 10, leftMs: 50_000 } as const;

function written() {
  let text = '';
  return {
    stream: {
      write(chunk: string) {
        text += chunk;
      },
    },
    text: () => text,
  };
}

test('how far verification is takes a line, over all targets, where nothing can be redrawn', async () => {
  const { stream, text } = written();
  const view = new VerificationProgressView({ stream, redraws: false });
  view.show(reading);
  view.show(waiting);
  await until(() => text() !== '');
  view.close();
  expect(text()).toMatch(/^verifying {2}1,207 of 2,010 visits found, waiting up to 0:4\d for b\n$/);
});

test('on a terminal it is one line, which is gone at the end', async () => {
  const { stream, text } = written();
  const view = new VerificationProgressView({ stream, redraws: true });
  view.show(reading);
  await until(() => text().includes('1,200 of 2,000 visits found'));
  view.show({ ...reading, found: 2000 });
  await until(() => text().includes('2,000 of 2,000 visits found'));
  view.close();
  expect(text().endsWith('\u001b[1A\u001b[J\u001b[?25h')).toBe(true);
});
