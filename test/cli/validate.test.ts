import { afterAll, describe, expect, it } from 'vitest';
import type { ValidationDocument } from '../../src/output/validation-json.ts';
import { cli } from '../support/command-line.ts';
import { gif, hang, html, type ReceivedRequest } from '../support/fault-server.ts';
import { folder, program, startProgram } from '../support/program.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { collect, serve, close } = servers();
afterAll(close);

const TOKEN = 'Se(ret/to ken+1&x="y"';
const BAD = 'another(token/that is+no&good';
const quiet = { TIMEZONE: 'UTC' };

function documentOf(stdout: string): ValidationDocument {
  return JSON.parse(stdout) as ValidationDocument;
}

/** Without the line that says what it waits for, which a busy machine may need. */
function said(stderr: string): string {
  return stderr.replace(/^asking .* …\n/, '');
}

function spellings(token: string): string[] {
  return [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)];
}

describe.concurrent('trafficinator validate', () => {
  it('ends with 0 where all is well, and leaves no trace on the server', async () => {
    const shop = await collect({ writeToken: TOKEN });
    const { exitCode, stdout, stderr } = await program(['validate', '--url', shop.url, '--visits', '5'], {
      env: { ...quiet, MATOMO_TOKEN_AUTH: TOKEN },
    });
    expect([exitCode, said(stderr)]).toEqual([0, '']);
    expect(stdout).toContain('✓ the token may write to site 1');
    expect(stdout).toMatch(/✓ all is well: a run can begin\n$/);
    const { totals, failedLogins } = shop.state();
    expect(Object.values(totals).every(count => count === 0)).toBe(true);
    expect(failedLogins).toBe(0);
  });

  it('ends with 3 at a bad token, which is refused once and shown nowhere', async () => {
    const shop = await collect();
    const { exitCode, stdout, stderr } = await cli(['validate', '--url', shop.url, '--visits', '5'], {
      env: { ...quiet, MATOMO_TOKEN_AUTH: BAD },
    });
    expect([exitCode, said(stderr)]).toEqual([3, '']);
    expect(stdout).toContain('✗ the server refuses the token');
    expect(shop.state()).toMatchObject({ failedLogins: 1, totals: { visits: 0 } });
    for (const spelt of spellings(BAD)) expect(stdout).not.toContain(spelt);
  });

  it('masks a token that a server says back', async () => {
    const echo = (request: ReceivedRequest) => ({
      ...html,
      give: (_: unknown, response: Parameters<typeof html.give>[1]) =>
        request.path.startsWith('/index.php')
          ? response.writeHead(403).end(`<p>you sent ${TOKEN}</p>`)
          : response.end('{"status":"success","tracked":1,"invalid":0}'),
    });
    const server = await serve(echo);
    for (const more of [[], ['--json']]) {
      const { stdout } = await cli(['validate', '--url', server.origin, ...more], {
        env: { MATOMO_TOKEN_AUTH: TOKEN },
      });
      expect(stdout).toContain('you sent Se…');
      for (const spelt of spellings(TOKEN)) expect(stdout).not.toContain(spelt);
    }
    // And gives it to nobody but in a body.
    for (const { path, headers } of server.requests) {
      expect(JSON.stringify([path, headers])).not.toContain('ret');
    }
  });

  it('tells every target in one document, and ends with 3 where one of them fails', async () => {
    const [shop, page] = [await collect(), await serve(() => html)];
    const { exitCode, stdout } = await cli([
      ...['validate', '--target', `name=shop,url=${shop.url}`, '--target', `name=page,url=${page.origin}`],
      ...['--visits', '5', '--json'],
    ]);
    expect(exitCode).toBe(3);
    const document = documentOf(stdout);
    expect(document).toMatchObject({
      schemaVersion: 1,
      passed: false,
      connected: true,
      targets: [
        { name: 'shop', siteId: 1, passed: true, isCollector: true, site: null, matomoVersion: null },
        { name: 'page', passed: false, isCollector: false },
      ],
    });
    expect(document.targets.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
      ['TRACKER', 'NO_TOKEN'],
      ['NOT_A_TRACKER'],
    ]);
    expect(document.targets[1]?.findings[0]).toEqual({
      level: 'error',
      code: 'NOT_A_TRACKER',
      message: expect.stringContaining('Welcome to nginx'),
      hint: expect.stringContaining('matomo.php'),
    });
  });

  it('says once what is not sent without a token', async () => {
    const shop = await collect();
    const { stdout, stderr } = await cli(['validate', '--url', shop.url, '--visits', '5']);
    expect(stdout).toContain('no addresses and no countries are sent');
    expect(said(stderr)).toBe('');
  });

  it('takes the same configuration as run: files, presets, variables, flags', async () => {
    const shop = await collect({ writeToken: TOKEN });
    const cwd = folder({
      'trafficinator.yaml': `preset: smoke\ntarget: { url: "${shop.url}", tokenEnv: MINE }\ntraffic: { ecommerce: { currency: EUR } }\n`,
      '.env': `MINE='${TOKEN}'\n`,
    });
    const { exitCode, stdout } = await cli(['validate', '--json'], { cwd });
    expect(exitCode).toBe(0);
    const found = documentOf(stdout).targets[0]?.findings.map(({ code }) => code);
    expect(found).toEqual(expect.arrayContaining(['TOKEN_GOOD', 'OTHER_CURRENCY', 'OTHER_TIMEZONE']));
  });

  it('ends with 2 at a configuration that does not hold, and connects to nothing', async () => {
    const server = await serve(() => gif);
    const { exitCode, stdout, stderr } = await cli(
      ['validate', '--url', server.origin, '--rate', 'often', '--json'],
      { env: { PAGEVIEWS_MIN: '0' } },
    );
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('rate');
    expect(stderr).toContain('PAGEVIEWS_MIN');
    expect(server.requests).toHaveLength(0);
  });

  it('connects to nothing with --skip-connection', async () => {
    const server = await serve(() => gif);
    const line = ['validate', '--url', server.origin, '--visits', '5', '--skip-connection'];
    const [text, json] = [await cli(line), await cli([...line, '--json'])];
    expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(text.stdout).toBe('✓ the configuration holds; nothing was connected to\n');
    expect(text.stderr).toContain('without a token');
    const endless = await cli(['validate', '--url', server.origin, '--skip-connection']);
    expect(endless.stderr).not.toContain('nothing ends this run');
    expect(documentOf(json.stdout)).toMatchObject({
      passed: true,
      connected: false,
      targets: [{ siteId: 1, findings: [] }],
    });
    expect(server.requests).toHaveLength(0);
  });

  it('colours what it is told to, and nothing else', async () => {
    const page = await serve(() => html);
    const shown = async (env: Record<string, string>, ...more: string[]) =>
      (await cli(['validate', '--url', page.origin, '--quiet', ...more], { env })).stdout;
    expect(await shown({ FORCE_COLOR: '1' })).toContain('\u001b[31m');
    expect(await shown({ FORCE_COLOR: '1' }, '--no-color')).not.toContain('\u001b');
    expect(await shown({ NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await shown({})).not.toContain('\u001b');
  });

  it('says what it waits for, within the time limit', async () => {
    const hanging = await serve(() => hang);
    const { exitCode, stdout, stderr } = await cli([
      ...['validate', '--target', `name=slow,url=${hanging.origin}`, '--timeout', '1.5s', '--visits', '5'],
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('asking slow …');
    expect(stdout).toContain('gave no answer within 1.5 s');
  });

  it('ends at a signal', async () => {
    const hanging = await serve(() => hang);
    const validating = startProgram(['validate', '--url', hanging.origin]);
    await until(() => hanging.requests.length > 0);
    validating.kill('SIGINT');
    expect(await validating.ended).toMatchObject({ exitCode: 130, stdout: '' });
  });

  it('is told of in the help, with examples', async () => {
    const [all, own] = [await cli(['--help']), await cli(['validate', '--help'])];
    expect(all.stdout).toContain('check configuration and targets; records no hit on any server');
    expect(own.stdout).toContain('--skip-connection');
    expect(own.stdout).toContain('Examples:');
    expect(own.stdout).not.toContain('--dry-run');
  });
});
