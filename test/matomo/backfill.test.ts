import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { folder, startProgram } from '../support/program.ts';
import { throwAwaySite } from './throw-away-site.ts';

/** Days of a real Matomo are filled over two breaks, and its own reports count them. */
const { MATOMO_URL: url, MATOMO_TOKEN_AUTH: token } = process.env;
const LONGEST_MS = 300_000;

/** Ten days with the change of clocks of Stockholm in their middle. */
const FROM = '2025-10-21';
const TO = '2025-10-30';
const DAYS = 10;
const PER_DAY = 50;

const figures = z.record(z.string(), z.looseObject({ nb_visits: z.coerce.number().default(0) }));

if (!url || !token) {
  console.log('Skipped: no real Matomo is filled, because MATOMO_URL or MATOMO_TOKEN_AUTH is not set.');
  describe.skip('a backfill of a real Matomo', () => it('needs MATOMO_URL and MATOMO_TOKEN_AUTH', () => {}));
} else {
  it(
    `${DAYS} days with ${PER_DAY} visits each, killed, stopped and gone on with: each is recorded once`,
    async () => {
      const site = await throwAwaySite(url, token, 'Europe/Stockholm');
      try {
        const cwd = folder();
        const goOn = (...args: readonly string[]) =>
          startProgram(
            ['backfill', '--preset', 'medium', '--batch-size', '40', '--settle-after', '20s', ...args],
            { env: { MATOMO_TOKEN_AUTH: token }, cwd },
          );
        const window = ['--from', FROM, '--to', TO, '--visits-per-day', String(PER_DAY), '--allow-long'];
        const first = goOn('--url', url, '--site-id', String(site.id), ...window);
        await answered(cwd, 5);
        first.kill('SIGKILL');
        await first.ended;

        const second = goOn('--resume');
        await answered(cwd, 25);
        second.kill('SIGINT');
        expect((await second.ended).exitCode).toBe(130);

        const last = await goOn('--resume', '--invalidate', '--verify').ended;
        expect([last.exitCode, last.stderr]).toEqual([
          0,
          expect.stringMatching(new RegExp(`total +${DAYS * PER_DAY} +${DAYS * PER_DAY}\n`)),
        ]);
        expect(last.stderr).toContain(`recorded as planned  ${DAYS * PER_DAY} visits`);
        expect(last.stderr).toContain(`the reports of ${DAYS} of ${DAYS} days are marked to be made anew`);

        const days = await site.ask(
          'VisitsSummary.get',
          { period: 'day', date: `${FROM},${TO}`, format_metrics: '0' },
          figures,
        );
        expect(Object.values(days).map(({ nb_visits }) => nb_visits)).toEqual(
          Array.from({ length: DAYS }, () => PER_DAY),
        );
      } finally {
        await site.remove();
      }
    },
    LONGEST_MS,
  );
}

/** Until the journal has so many answers. */
async function answered(cwd: string, answers: number): Promise<void> {
  for (;;) {
    const [name] = readdirSync(cwd).filter(each => each.endsWith('.ndjson'));
    const lines = name === undefined ? [] : readFileSync(join(cwd, name), 'utf8').split('\n');
    if (lines.filter(line => line.startsWith('{"done"')).length >= answers) return;
    await sleep(50);
  }
}
