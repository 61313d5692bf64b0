import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/output/html/html-report.ts';
import { fullReport } from '../output/any-report.ts';
import { folder } from '../support/program.ts';

/** Where distributions put it, and `CHROMIUM_PATH` for everywhere else. */
const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = places.find(path => path !== undefined && path !== '' && existsSync(path));
const why = executablePath === undefined ? ' (skipped: no Chromium here; CHROMIUM_PATH names one)' : '';

const NAME = '</script><b>متجر</b> 🛒 shop-with-a-rather-long-name.example.org';
const CHARTS = 9;

interface AxeRun {
  run(options: {
    runOnly?: string[];
  }): Promise<{ violations: { id: string; impact: string | null; nodes: { html: string }[] }[] }>;
}

describe.skipIf(executablePath === undefined)(`the HTML report in a browser${why}`, () => {
  let browser: Browser;
  let url: string;
  const said: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    const page = htmlReport(fullReport(NAME));
    url = pathToFileURL(join(folder({ 'report.html': page }), 'report.html')).href;
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: ['--no-sandbox'],
    });
  });
  afterAll(() => browser?.close());

  /** Opened, with all that it says and asks for written down. */
  async function opened(width: number, colorScheme: 'light' | 'dark', bypassCSP = false): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP });
    page.on('console', message => said.push(message.text()));
    page.on('pageerror', error => said.push(error.message));
    page.on('request', request => asked.push(request.url()));
    await page.goto(url);
    return page;
  }

  /** The colours of each chart's pixels, without the empty ones: how many there are. */
  const colours = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('canvas')].map(canvas => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
          data: [],
        };
        const seen = new Set<string>();
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] !== 0) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
        }
        return seen.size;
      }),
    );

  it.each(['light', 'dark'] as const)(
    'draws every chart, says nothing, asks for nothing: %s',
    async scheme => {
      said.length = 0;
      asked.length = 0;
      for (const width of [1280, 400]) {
        const page = await opened(width, scheme);
        const seen = await colours(page);
        expect(seen).toHaveLength(CHARTS);
        for (const count of seen) expect(count).toBeGreaterThan(3);
        // Nothing but tables, in regions of their own, is wider than the page.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await page.close();
      }
      expect(said).toEqual([]);
      expect(asked.filter(one => one !== url && !one.startsWith('data:'))).toEqual([]);
    },
  );

  it.each(['light', 'dark'] as const)('has no serious problem of accessibility: %s', async scheme => {
    const page = await opened(1280, scheme, true);
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
    });
    await page.addScriptTag({
      content: await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    });
    const { violations } = await page.evaluate(
      rules => (globalThis as unknown as { axe: AxeRun }).axe.run(rules),
      // Only colours are others in the dark.
      scheme === 'dark' ? { runOnly: ['color-contrast'] } : {},
    );
    await page.close();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it('tells the values along a chart to those who use keys', async () => {
    const page = await opened(1280, 'light');
    const chart = page.locator('#latency-chart');
    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuenow')).toBe('2');
    expect(await chart.getAttribute('aria-valuetext')).toBe('0:01, p99 40 ms, p95 15 ms, p50 5 ms');
    expect(await page.locator('figure:has(#latency-chart) .legend').innerText()).toMatch(/p50\s+5 ms/);
    await page.close();
  });

  it('is printed in light colours, with nothing folded away and no chart wider than the paper', async () => {
    const page = await opened(1280, 'dark');
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        const wide = [...document.querySelectorAll('canvas')].map(({ clientWidth }) => clientWidth);
        document.title = JSON.stringify({
          widest: Math.max(...wide),
          folded: document.querySelectorAll('details:not([open])').length,
          paper: getComputedStyle(document.body).backgroundColor,
        });
      });
    });
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const printed = JSON.parse(await page.title());
    expect(printed).toEqual({ widest: expect.any(Number), folded: 0, paper: 'rgb(253, 253, 251)' });
    expect(printed.widest).toBeLessThanOrEqual(700);
    expect(
      await page.evaluate(() => document.querySelectorAll('details:not([open])').length),
    ).toBeGreaterThan(0);
    await page.close();
  });
});
