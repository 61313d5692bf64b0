import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { preflight } from '../../src/cli/preflight.ts';
import { openRunMemory } from '../../src/cli/run-memory.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { cli } from '../support/command-line.ts';
import { hang, html } from '../support/fault-server.ts';
import { folder, startProgram } from '../support/program.ts';
import { runConfig, targetConfig } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { unmarked } from '../support/unmarked-collector.ts';
import { until } from '../support/until.ts';

const { collect, serve, close } = servers();
const others: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const other of others) await other.close();
  await close();
});

const TOKEN = '0123456789abcdef0123456789abcdef';
const few = ['--visits', '3', '--rate', '100/s', '--pause', '0', '--json'];

describe.concurrent('before a run', () => {
  it('what is wrong with targets is told for each, and nothing is sent to any', async () => {
    const [shop, page] = [await collect(), await serve(() => html)];
    const { exitCode, stdout, stderr } = await cli([
      ...['run', '--target', `name=shop,url=${shop.url}`, '--target', `name=page,url=${page.origin}`],
      ...few,
    ]);
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain('1 of 2 targets would not record what is planned:');
    expect(stderr).toMatch(/ {2}page: .*Welcome to nginx/);
    expect(stderr).toContain('--skip-validation');
    expect(shop.state().totals.visits).toBe(0);
  });

  it('all the same is sent with --skip-validation', async () => {
    const page = await serve(() => html);
    const { exitCode } = await cli(['run', '--url', page.origin, ...few, '--skip-validation']);
    expect(exitCode).toBe(5);
    expect(page.tracking.length).toBeGreaterThan(0);
  });

  it('what should be looked at is told once, and the run goes on', async () => {
    const shop = await collect({ writeToken: TOKEN });
    const env = { MATOMO_TOKEN_AUTH: TOKEN, ECOMMERCE_CURRENCY: 'EUR' };
    const { exitCode, stderr } = await cli(['run', '--url', shop.url, ...few], { env });
    expect(exitCode).toBe(0);
    expect(stderr.match(/orders are meant in EUR, but the site's currency is SEK/g)).toHaveLength(1);
    expect(stderr).not.toContain('the token may write');
  });

  it('nothing is asked twice, and the totals of the site go into the report', async () => {
    const shop = await collect({ writeToken: TOKEN });
    const { stdout } = await cli(['run', '--url', shop.url, ...few], {
      env: { MATOMO_TOKEN_AUTH: TOKEN },
    });
    const [target] = JSON.parse(stdout).targets;
    expect(Object.keys(target.totalsBefore.days)).toHaveLength(2);
    expect(target).toMatchObject({ timezone: 'UTC', hitsCarryToken: true });
    expect(shop.state().failedLogins).toBe(0);
  });

  it('totals that are not told are missed in words, and the run goes on', async () => {
    const shop = await unmarked(await collect({ writeToken: TOKEN }), 'VisitsSummary.get');
    others.push(shop);
    const env = { MATOMO_TOKEN_AUTH: TOKEN };
    const { exitCode, stdout, stderr } = await cli(['run', '--url', shop.url.href, ...few], { env });
    expect(stderr).toMatch(/· .* did not tell its totals in time: only its visits can be compared/);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).targets[0].totalsBefore).toBeNull();
  });

  it('an interruption ends it at once, with a report of nothing', async () => {
    const hanging = await serve(() => hang);
    const run = startProgram(['run', '--url', hanging.origin, ...few]);
    await until(() => hanging.requests.length > 0);
    run.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ visits: { planned: 0 }, run: { stoppedBy: 'signal' } });
  });
});

const memoryLine = z.object({ what: z.enum(['run', 'confirmed']), tag: z.string().optional() });

/** What a memory holds, line by line. */
function remembered(file: string) {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => memoryLine.parse(JSON.parse(line)));
}

describe.concurrent('a site with visits that no run from here made', () => {
  /** A shop that looks like somebody's Matomo and has visits today; what is kept of runs stays in the returned folder. */
  async function productionSite() {
    const shop: Collector = await collect({ writeToken: TOKEN });
    const proxy = await unmarked(shop);
    others.push(proxy);
    const state = folder();
    const env = { MATOMO_TOKEN_AUTH: TOKEN, XDG_STATE_HOME: state };
    const run = (more: readonly string[] = [], own: Readonly<Record<string, string>> = {}) =>
      cli(['run', '--url', proxy.url.href, ...few, ...more], { env: { ...env, ...own } });
    await cli(['run', '--url', shop.url, ...few], { env: { MATOMO_TOKEN_AUTH: TOKEN } });
    expect(shop.state().totals.visits).toBe(3);
    return { shop, run, url: proxy.url, state, file: join(state, 'trafficinator', 'runs.ndjson') };
  }

  it('is not sent to where nobody can be asked', async () => {
    const { shop, run, file } = await productionSite();
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /site 1 on 127\.0\.0\.1:\d+ has 3 visits (today|in the last hour) that no run from here made/,
    );
    expect(stderr).toContain('--yes');
    expect(shop.state().totals.visits).toBe(3);
    expect(existsSync(file)).toBe(false);
  });

  it('is sent to with --yes, and with testSite', async () => {
    const { shop, run } = await productionSite();
    const codes = [await run(['--yes']), await run([], { TARGET_TEST_SITE: 'true' })].map(
      ({ exitCode }) => exitCode,
    );
    expect([codes, shop.state().totals.visits]).toEqual([[0, 0], 9]);
  });

  it('is one no more when all of its visits are those of remembered runs', async () => {
    const { shop, run, file } = await productionSite();
    await fetch(`${shop.origin}/collector/reset`, { method: 'POST' });
    const [first, second] = [await run(), await run()];
    expect([first.exitCode, second.exitCode, shop.state().totals.visits]).toEqual([0, 0, 6]);
    expect(remembered(file).map(({ tag }) => tag)).toEqual(
      [first, second].map(({ stdout }) => JSON.parse(stdout).run.tag),
    );
  });

  it('is one no more either when its visitors were logged in', async () => {
    const { shop, run } = await productionSite();
    await fetch(`${shop.origin}/collector/reset`, { method: 'POST' });
    const loggedIn = { TRAFFICINATOR_LOGGED_IN_PROBABILITY: '1' };
    const [first, second] = [await run([], loggedIn), await run([], loggedIn)];
    expect([first.exitCode, second.exitCode, shop.state().totals.visits]).toEqual([0, 0, 6]);
  });

  it('is never the collector, whoever filled it', async () => {
    const { shop } = await productionSite();
    const env = { MATOMO_TOKEN_AUTH: TOKEN, XDG_STATE_HOME: folder() };
    const { exitCode } = await cli(['run', '--url', shop.url, ...few], { env });
    expect([exitCode, shop.state().totals.visits]).toEqual([0, 6]);
  });

  it('is asked about once where a person can answer', async () => {
    const { shop, url } = await productionSite();
    const memory = await openRunMemory({ env: { XDG_STATE_HOME: folder() }, platform: 'linux' }, () => {});
    const questions: string[] = [];
    const checked = (answer: boolean) =>
      preflight(runConfig(targetConfig(url, { token: TOKEN })), {
        context: {
          ask: async question => {
            questions.push(question);
            return answer;
          },
        },
        memory,
        isSure: false,
        tell: () => {},
        mask: text => text,
        signal: new AbortController().signal,
      });
    await expect(checked(false)).rejects.toMatchObject({ code: 'PRODUCTION_SITE', exitCode: 2 });
    expect((await checked(true)).known.get('target')?.token?.result).toBe('good');
    await checked(false);
    expect(questions).toHaveLength(2);
    expect(questions[0]).toMatch(/has 3 visits (today|in the last hour) that no run from here made/);
    expect(shop.state().totals.visits).toBe(3);
  });

  it('is still one where what was remembered cannot be read, and that is said', async () => {
    const { run, state } = await productionSite();
    mkdirSync(join(state, 'trafficinator'));
    writeFileSync(join(state, 'trafficinator', 'runs.ndjson'), '{ "runs": 7');
    const [refused, meant] = [await run(), await run(['--yes'])];
    expect([refused.exitCode, meant.exitCode]).toEqual([2, 0]);
    expect(refused.stderr).toContain('cannot read');
  });
});

describe('what is remembered of runs', () => {
  const target = targetConfig('https://m.example/matomo/matomo.php');

  function opened(state: string, warnings: string[] = []) {
    return openRunMemory({ env: { XDG_STATE_HOME: state }, platform: 'linux' }, text => warnings.push(text));
  }

  it('is known by server and site, whatever script is used', async () => {
    const state = folder();
    await (await opened(state)).rememberRun({ tag: 'abcdef' }, [target]);
    const memory = await opened(state);
    const tagsOf = (url: string, siteId = 1) =>
      memory.runsSentTo(targetConfig(url, { siteId })).map(({ tag }) => tag);
    expect(tagsOf('https://m.example/matomo/piwik.php')).toEqual(['abcdef']);
    expect(tagsOf('https://m.example/matomo/js/')).toEqual(['abcdef']);
    expect(tagsOf('https://m.example/matomo/matomo.php', 2)).toEqual([]);
    expect(tagsOf('https://m.example/other/matomo.php')).toEqual([]);
    expect(tagsOf('https://m.example:8443/matomo/matomo.php')).toEqual([]);
  });

  it('is the last runs, a thousand at least', async () => {
    const state = folder();
    const old = Array.from({ length: 2000 }, (_, at) =>
      JSON.stringify({
        what: 'run',
        tag: String(at),
        server: 'https://m.example/matomo/',
        siteId: 1,
        at: '2026-01-01T00:00:00Z',
      }),
    );
    mkdirSync(join(state, 'trafficinator'));
    const file = join(state, 'trafficinator', 'runs.ndjson');
    writeFileSync(file, `${old.join('\n')}\n`);
    await (await opened(state)).rememberRun({ tag: 'abcdef' }, [target]);
    const runs = remembered(file);
    expect([runs.length, runs[0]?.tag, runs.at(-1)?.tag]).toEqual([1000, '1001', 'abcdef']);
  });

  it('is every run of several that begin at once', async () => {
    const state = folder();
    const memories = await Promise.all(Array.from({ length: 12 }, () => opened(state)));
    await Promise.all(memories.map((memory, at) => memory.rememberRun({ tag: `tag-${at}` }, [target])));
    const tags = (await opened(state)).runsSentTo(target).map(({ tag }) => tag);
    expect(tags.sort()).toEqual(memories.map((_, at) => `tag-${at}`).sort());
  });

  it('is all but a line that cannot be read, and that is said', async () => {
    const state = folder();
    const warnings: string[] = [];
    await (await opened(state)).rememberRun({ tag: 'abcdef' }, [target]);
    appendFileSync(join(state, 'trafficinator', 'runs.ndjson'), '{"what":"run","ta\n');
    expect((await opened(state, warnings)).runsSentTo(target).map(({ tag }) => tag)).toEqual(['abcdef']);
    expect(warnings).toHaveLength(1);
  });

  it('is also what a person said of a site, once', async () => {
    const state = folder();
    const memory = await opened(state);
    expect(memory.isConfirmed(target)).toBe(false);
    await memory.confirm(target);
    await memory.confirm(target);
    expect((await opened(state)).isConfirmed(target)).toBe(true);
    expect((await opened(state)).isConfirmed({ ...target, siteId: 2 })).toBe(false);
    expect(remembered(join(state, 'trafficinator', 'runs.ndjson'))).toEqual([{ what: 'confirmed' }]);
  });

  it('is as if empty in a folder that cannot be written, with one warning', async () => {
    const state = folder({ trafficinator: 'a file where the folder should be' });
    const warnings: string[] = [];
    const memory = await opened(state, warnings);
    await memory.rememberRun({ tag: 'abcdef' }, [target]);
    await memory.confirm(target);
    expect(warnings).toHaveLength(1);
    // In this process it is known all the same.
    expect(memory.isConfirmed(target)).toBe(true);
  });

  it.each([
    ['linux', { HOME: '/home/u' }, '/home/u/.local/state'],
    ['darwin', { HOME: '/Users/u' }, '/Users/u/Library/Application Support'],
  ] as const)('is kept where users of %s keep such things', async (platform, env, place) => {
    const root = folder();
    const home = join(root, env.HOME);
    const memory = await openRunMemory({ env: { HOME: home }, platform }, () => {});
    await memory.rememberRun({ tag: 'abcdef' }, [target]);
    expect(existsSync(join(root, place, 'trafficinator', 'runs.ndjson'))).toBe(true);
  });

  it('is kept nowhere where the user has no folder', async () => {
    const memory = await openRunMemory({ env: {}, platform: 'linux' }, text => expect.fail(text));
    await memory.rememberRun({ tag: 'abcdef' }, [target]);
    expect(memory.runsSentTo(target).map(({ tag }) => tag)).toEqual(['abcdef']);
  });
});
