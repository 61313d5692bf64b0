import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import type { Report, Verification } from '../../src/run/report.ts';
import { tableOf } from '../output/html-page.ts';
import { expectWholeAccount } from '../support/account.ts';
import { cli as commandLine } from '../support/command-line.ts';
import { hang, startFaultServer } from '../support/fault-server.ts';
import { folder, type ProgramOptions, startProgram } from '../support/program.ts';
import { servers } from '../support/servers.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const VIEW_TOKEN = 'fedcba9876543210fedcba9876543210';
const quick = ['--pause', '0', '--rate', '300/s', '--concurrency', '100', '--skip-validation'];

/** Without a token a run keeps clear of the midnights it is told of, and the collector's site is in UTC. */
const zone = { TIMEZONE: 'UTC' };
const cli = (args: readonly string[], { env = {}, cwd = folder() }: ProgramOptions = {}) =>
  commandLine(args, { env: { ...zone, ...env }, cwd });

const { collect, close } = servers();
afterAll(close);

function reportIn(cwd: string, name = 'run.json'): Report {
  return JSON.parse(readFileSync(join(cwd, name), 'utf8')) as Report;
}

/** Twenty visits without a token, with their report in `run.json`. @returns the folder */
async function ranInto(collector: Collector, ...options: readonly string[]): Promise<string> {
  const cwd = folder();
  const args = [
    'run',
    '--url',
    collector.url,
    '--visits',
    '20',
    ...quick,
    '--report',
    'run.json',
    ...options,
  ];
  const { exitCode, stderr } = await cli(args, { cwd });
  expect(stderr).not.toContain('error');
  expect(exitCode).toBe(0);
  return cwd;
}

const verify = (
  cwd: string,
  args: readonly string[] = [],
  env: Record<string, string> = { VIEW: VIEW_TOKEN },
) => cli(['verify', 'run.json', '--token-env', 'VIEW', '--wait', '0', ...args], { cwd, env });

describe('trafficinator verify', () => {
  let collector: Collector;
  let cwd: string;
  beforeAll(async () => {
    collector = await collect({ token: TOKEN, viewToken: VIEW_TOKEN });
    cwd = await ranInto(collector, '--seed', '1', '--run-id', 'one');
  });

  it('finds what was recorded as planned, and writes that into the report', async () => {
    const before = reportIn(cwd);
    const { exitCode, stdout, stderr } = await verify(cwd, ['--html', 'run.html']);
    expect(stderr).toContain('✓ recorded as planned  20 visits · ');
    expect(stderr).not.toContain('\u001b');
    expect([exitCode, stdout]).toEqual([0, '']);
    const after = reportIn(cwd);
    expect(after).toEqual({ ...before, verification: after.verification });
    expect(after.verification).toMatchObject({ method: 'visits', passed: true, strict: false });
    expect(after.verification?.targets[0]?.figures).toContainEqual({
      name: 'actions',
      planned: before.plan.actions,
      recorded: before.plan.actions,
    });
    const page = readFileSync(join(cwd, 'run.html'), 'utf8');
    const account = tableOf(page, `Planned, sent and recorded at ${before.targets[0]?.name}`);
    expect(account.visits).toEqual({ planned: '20', sent: '20', recorded: '20' });
    expect(readFileSync(join(cwd, 'run.json'), 'utf8')).not.toContain(VIEW_TOKEN);
  });

  it('plans again what the run planned, whatever is configured now', async () => {
    writeFileSync(join(cwd, 'trafficinator.yaml'), 'traffic: { pageviews: 50 }\nvisits: 1\n');
    writeFileSync(join(cwd, '.env'), `MATOMO_URL=http://127.0.0.1:9/\nMATOMO_API_TOKEN=${VIEW_TOKEN}\n`);
    const { exitCode, stderr } = await cli(['verify', 'run.json', '--wait', '0'], {
      cwd,
      env: { PAGEVIEWS_MIN: '30' },
    });
    expect(stderr).toContain('✓ recorded as planned  20 visits');
    expect(exitCode).toBe(0);
  });

  it('ends with 6 where the server has less, names the visits, and takes it back once they are there', async () => {
    const other = await collect({ token: TOKEN, viewToken: VIEW_TOKEN });
    const startAt = new Date().toISOString();
    const same = ['--seed', '2', '--run-id', 'two', '--start-at', startAt];
    const whole = await ranInto(other, ...same);
    other.reset();
    // The same visits but for the last one.
    await ranInto(other, ...same, '--visits', '19');

    const less = await verify(whole);
    expect(less.exitCode).toBe(6);
    expect(less.stderr).toContain('✗ not recorded as planned');
    expect(less.stderr).toMatch(/visits +20 +19 +✗ +−1\n/);
    expect(less.stderr).toContain('visit 19 (');
    const different = reportIn(whole);
    expect([different.exitCode, different.verification?.passed]).toEqual([6, false]);
    expect(different.verification?.targets[0]?.visits).toMatchObject([{ index: 19, recorded: [] }]);

    other.reset();
    await ranInto(other, ...same);
    const again = await verify(whole);
    expect(again.exitCode).toBe(0);
    expect(reportIn(whole)).toMatchObject({ exitCode: 0, verification: { passed: true } });
  });

  it('prints the verification for programs, and leaves the report as it is where it is to', async () => {
    const before = readFileSync(join(cwd, 'run.json'), 'utf8');
    const { exitCode, stdout, stderr } = await verify(cwd, ['--json', '--no-write', '--quiet']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const verification = JSON.parse(stdout) as Verification;
    expect(verification).toMatchObject({ passed: true, targets: [{ result: 'equal', visits: [] }] });
    expect(readFileSync(join(cwd, 'run.json'), 'utf8')).toBe(before);
  });

  it('asks where the Reporting API is now', async () => {
    const { exitCode, stderr } = await verify(cwd, ['--no-write', '--api-url', `${collector.origin}/`]);
    expect(stderr).toContain('✓ recorded as planned');
    expect(exitCode).toBe(0);
  });

  it('keeps what it does not know of a report', async () => {
    const own = folder({
      'run.json': JSON.stringify({ ...reportIn(cwd), note: 'mine', targets: reportIn(cwd).targets }),
    });
    expect((await verify(own)).exitCode).toBe(0);
    expect(reportIn(own)).toMatchObject({ note: 'mine', verification: { passed: true } });
  });

  it('verifies each of several targets with a token of its own, and says which differs', async () => {
    const [one, other] = [
      await collect({ token: TOKEN, viewToken: VIEW_TOKEN }),
      await collect({ token: TOKEN }),
    ];
    const own = folder();
    const targets = [`name=one,url=${one.url}`, `name=other,url=${other.url}`];
    const args = ['run', ...targets.flatMap(spec => ['--target', spec]), '--visits', '20', ...quick];
    expect((await cli([...args, '--report', 'run.json'], { cwd: own })).exitCode).toBe(0);
    other.reset();
    const { exitCode, stderr } = await verify(own, ['--token-env', 'other=TOKEN'], {
      VIEW: VIEW_TOKEN,
      TOKEN,
    });
    expect(stderr).toMatch(/✓ one {4}recorded as planned {2}10 visits · /);
    expect(stderr).toMatch(/✗ other {2}not recorded as planned: .*10 visits differ/);
    expect(exitCode).toBe(6);
  });

  it('says what of several targets can be told where one is gone, and ends with 3, or 6 where another differs', async () => {
    const [one, other] = [
      await collect({ token: TOKEN, viewToken: VIEW_TOKEN }),
      await collect({ token: TOKEN, viewToken: VIEW_TOKEN }),
    ];
    const own = folder();
    const targets = [`name=one,url=${one.url}`, `name=other,url=${other.url}`];
    const args = ['run', ...targets.flatMap(spec => ['--target', spec]), '--visits', '20', ...quick];
    expect((await cli([...args, '--report', 'run.json'], { cwd: own })).exitCode).toBe(0);
    await other.close();
    const { exitCode, stderr } = await verify(own);
    expect(stderr).toMatch(/✓ one {4}recorded as planned {2}10 visits · /);
    expect(stderr).toMatch(/! other {2}not comparable: .*does not answer/);
    expect(stderr).toMatch(/\nerror: target other .*ECONNREFUSED\nLook whether it is still there/);
    expect(exitCode).toBe(3);
    expect(reportIn(own)).toMatchObject({
      verification: { passed: null, targets: [{ result: 'equal' }, { result: 'not-comparable' }] },
      exitCode: 0,
    });
    one.reset();
    expect((await verify(own)).exitCode).toBe(6);
  });

  describe('refuses with 2, says what to do, asks nobody and leaves the file as it is', () => {
    const whole = () => readFileSync(join(cwd, 'run.json'), 'utf8');
    it.each([
      { what: 'a truncated file', text: () => whole().slice(0, 3000), says: /cut off.*Copy it again/s },
      { what: 'an empty file', text: () => '', says: /run\.json is empty/ },
      { what: 'no JSON', text: () => 'visits: 20', says: /is no JSON.*--report FILE/s },
      { what: 'another JSON', text: () => '{"totals":{}}', says: /is no report of a run.*--report FILE/s },
      {
        what: 'a report of another schema version',
        text: () => whole().replace('"schemaVersion": 1', '"schemaVersion": 2'),
        says: /schema version 2, and this trafficinator reads version 1.*Take the trafficinator that wrote it: 0\./s,
      },
      {
        what: 'a report that was changed',
        text: () => whole().replace('"hitsCarryToken": false', '"hitsCarryToken": "no"'),
        says: /no whole report: targets\[0\]\.hitsCarryToken: /,
      },
      {
        what: 'a report with a zone that is none',
        text: () => whole().replace(/"timezone": "[^"]+",(\s+"clockShift)/, '"timezone": "Mars/Olympus",$1'),
        says: /no whole report: targets\[0\]\.timezone: must be a time zone/,
      },
      {
        what: 'a report with a time that is none',
        text: () => whole().replace(/"endedAt": "[^"]+"/, '"endedAt": "soon"'),
        says: /no whole report: run\.endedAt: must be a time/,
      },
      {
        what: 'a report that counts other visits than it makes',
        text: () => whole().replace('"seed": 1', '"seed": 2'),
        says: /made again from the report is another than it counts: \d+ \w+, and it counts/,
      },
      {
        what: 'a configuration that was changed',
        text: () => whole().replace('"rate": "300/s"', '"rate": "often"'),
        says: /configuration in it cannot be used again.*rate = often/s,
      },
    ])('$what', async ({ text, says }) => {
      const own = folder({ 'run.json': text() });
      const { exitCode, stdout, stderr } = await verify(own);
      expect(stderr).toMatch(says);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(readFileSync(join(own, 'run.json'), 'utf8')).toBe(text());
    });

    it.each([
      { what: 'a file that is not there', args: ['verify', 'none.json'], says: /none\.json does not exist/ },
      {
        what: 'no token',
        args: ['verify', 'run.json'],
        says: /MATOMO_API_TOKEN or MATOMO_TOKEN_AUTH is not set.*--token-env/s,
      },
      {
        what: 'a token in the place of its variable',
        args: ['verify', 'run.json', '--token-env', `a=${TOKEN}`],
        says: /--token-env takes the name of a variable/,
      },
      {
        what: 'a time that is none',
        args: ['verify', 'run.json', '--wait', 'soon'],
        says: /--wait soon is no time/,
      },
      {
        what: 'an option that is none',
        args: ['verify', 'run.json', '--url', 'http://127.0.0.1:9/'],
        says: /unknown option '--url'.*trafficinator verify --help/s,
      },
      {
        what: 'a method that is none',
        args: ['verify', 'run.json', '--method', 'luck'],
        says: /visits, totals/,
      },
      {
        what: 'a method that needs what the report has not',
        args: ['verify', 'run.json', '--method', 'totals', '--token-env', 'VIEW'],
        says: /no totals from before the run.*--method visits/s,
      },
    ])('$what', async ({ args, says }) => {
      const own = folder({ 'run.json': whole() });
      const { exitCode, stderr } = await cli(args, { cwd: own, env: { VIEW: VIEW_TOKEN } });
      expect(stderr).toMatch(says);
      expect(stderr).not.toContain(TOKEN);
      expect(exitCode).toBe(2);
      expect(readFileSync(join(own, 'run.json'), 'utf8')).toBe(whole());
    });

    it('a run with --collector, which verified itself', async () => {
      const own = folder();
      const run = ['run', '--collector', '--visits', '5', ...quick, '--report', 'run.json'];
      expect((await cli(run, { cwd: own })).exitCode).toBe(0);
      const { exitCode, stderr } = await verify(own);
      expect(stderr).toMatch(/ended with the run.*trafficinator collector/s);
      expect(exitCode).toBe(2);
    });
  });

  describe('ends with 3, and says what to do,', () => {
    it('where the server is gone', async () => {
      const gone = await collect({ token: TOKEN, viewToken: VIEW_TOKEN });
      const own = await ranInto(gone);
      await gone.close();
      const { exitCode, stderr } = await verify(own);
      expect(stderr).toMatch(/does not answer: .*ECONNREFUSED/);
      expect(exitCode).toBe(3);
      expect(reportIn(own).verification).toBeNull();
    });

    it('where the token is refused, after one try', async () => {
      const own = await collect({ token: TOKEN, viewToken: VIEW_TOKEN });
      const { exitCode, stderr } = await verify(cwd, ['--api-url', own.origin], {
        VIEW: 'f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0',
      });
      expect(stderr).toMatch(/does not take the token/);
      expect(stderr).not.toContain('f0f0f0');
      expect([exitCode, own.state().failedLogins]).toEqual([3, 1]);
    });

    it('and shows no secret, whatever the server says back', async () => {
      const parrot = await startFaultServer(() => ({
        name: 'parrot',
        means: 'failed',
        give({ headers, body }, response) {
          response.writeHead(500).end(`${headers.authorization} ${body}`);
        },
      }));
      const own = folder({
        'trafficinator.yaml': `target: { url: ${collector.url}, headers: { Authorization: '\${DOOR}' } }`,
      });
      const env = { DOOR: 'Basic open-sesame', VIEW: 'a-view-token-0123456789' };
      const args = ['run', '--visits', '3', ...quick, '--report', 'run.json'];
      expect((await cli(args, { cwd: own, env })).exitCode).toBe(0);
      const { exitCode, stderr } = await verify(own, ['--api-url', parrot.origin], env);
      await parrot.close();
      expect(stderr).toContain('does not answer: status 500: Ba… module=API');
      expect(stderr).not.toMatch(/open-sesame|a-view-token/);
      expect(exitCode).toBe(3);
    });

    it('and shows the beginning of a long answer only', async () => {
      const talkative = await startFaultServer(() => ({
        name: 'talkative',
        means: 'failed',
        give(_, response) {
          response.end(
            JSON.stringify({ result: 'error', message: `no such site ${'#0 trace '.repeat(2000)}` }),
          );
        },
      }));
      const { exitCode, stderr } = await verify(cwd, ['--api-url', talkative.origin]);
      await talkative.close();
      expect(stderr).toMatch(/no such site #0 trace .*…/);
      expect(stderr.length).toBeLessThan(1500);
      expect(exitCode).toBe(3);
    });

    it('where the site is not there any more', async () => {
      const without = await collect({ token: TOKEN, viewToken: VIEW_TOKEN, sites: [] });
      const { exitCode, stderr } = await verify(cwd, ['--api-url', without.origin]);
      expect(stderr).toMatch(/does not tell about site 1: .*still exists there/s);
      expect(exitCode).toBe(3);
    });
  });

  it('ends at Ctrl-C and leaves the report as it is', async () => {
    const silent = await startFaultServer(() => hang);
    const before = readFileSync(join(cwd, 'run.json'), 'utf8');
    const running = startProgram(['verify', 'run.json', '--token-env', 'VIEW', '--api-url', silent.origin], {
      cwd,
      env: { VIEW: VIEW_TOKEN },
    });
    while (silent.requests.length === 0) await new Promise(done => setTimeout(done, 10));
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('interrupted: nothing was verified');
    expect(readFileSync(join(cwd, 'run.json'), 'utf8')).toBe(before);
    await silent.close();
  });
});

describe('trafficinator run --verify', () => {
  const run = ['run', '--visits', '20', '--verify', '--wait', '0', ...quick];

  it('verifies at the end, with a token that hits do not carry', async () => {
    const collector = await collect({ token: TOKEN, viewToken: VIEW_TOKEN });
    const { exitCode, stdout, stderr } = await cli([...run, '--url', collector.url, '--json'], {
      env: { MATOMO_API_TOKEN: VIEW_TOKEN },
    });
    expect(stderr).toContain('✓ recorded as planned  20 visits');
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expectWholeAccount(report);
    expect(report).toMatchObject({
      verification: { method: 'visits', passed: true },
      targets: [{ hitsCarryToken: false }],
    });
  });

  it('ends with 6 where the server has not what it accepted', async () => {
    const [accepts, tells] = [await collect({ token: TOKEN }), await collect({ token: TOKEN })];
    const cwd = folder();
    const { exitCode, stderr } = await cli(
      [...run, '--url', accepts.url, '--api-url', tells.origin, '--report', 'run.json'],
      { cwd, env: { MATOMO_TOKEN_AUTH: TOKEN } },
    );
    expect(stderr).toContain('✗ not recorded as planned');
    expect(stderr).toContain('✗ exit 6: the server did not record what was accepted');
    expect(exitCode).toBe(6);
    expect(reportIn(cwd)).toMatchObject({ exitCode: 6, verification: { passed: false } });
  });

  it('sends nothing without a token to ask with', async () => {
    const collector = await collect();
    const { exitCode, stderr } = await cli([...run, '--url', collector.url], {});
    expect(stderr).toMatch(/--verify needs a token.*set MATOMO_API_TOKEN, or MATOMO_TOKEN_AUTH/s);
    expect(exitCode).toBe(2);
    expect(collector.state().totals.visits).toBe(0);
  });

  it('sends nothing where nobody could be asked afterwards', async () => {
    const collector = await collect();
    const checked = run.filter(option => option !== '--skip-validation');
    const { exitCode, stderr } = await cli(
      [...checked, '--url', collector.url, '--api-url', 'http://127.0.0.1:9/'],
      { env: { MATOMO_API_TOKEN: VIEW_TOKEN } },
    );
    expect(stderr).toMatch(
      /--verify: what is recorded cannot be asked for:.*ECONNREFUSED.*Nothing was sent/s,
    );
    expect(exitCode).toBe(3);
    expect(collector.state().totals.visits).toBe(0);
  });

  it('keeps the account of what was sent where nobody can be asked', async () => {
    const collector = await collect();
    const cwd = folder();
    const { exitCode, stderr } = await cli(
      [...run, '--url', collector.url, '--api-url', 'http://127.0.0.1:9/', '--report', 'run.json'],
      { cwd, env: { MATOMO_API_TOKEN: VIEW_TOKEN } },
    );
    expect(stderr).toMatch(/! not comparable: .*does not answer/);
    expect(exitCode).toBe(0);
    expect(reportIn(cwd)).toMatchObject({ hits: { unaccounted: 0 }, verification: { passed: null } });
  });

  it('verifies what was sent until Ctrl-C, too', async () => {
    const collector = await collect({ token: TOKEN, viewToken: VIEW_TOKEN });
    const running = startProgram(
      [...run, '--visits', '0', '--rate', '40/s', '--url', collector.url, '--json', '--no-progress'],
      { env: { ...zone, MATOMO_API_TOKEN: VIEW_TOKEN } },
    );
    while (collector.state().totals.visits < 10) await new Promise(done => setTimeout(done, 20));
    running.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    const report = JSON.parse(stdout) as Report;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(130);
    expect(report.verification).toMatchObject({ passed: true });
    expect(report.verification?.targets[0]?.figures[0]?.recorded).toBe(report.plan.visits);
  });

  it('gives verification up at Ctrl-C, and keeps the report', async () => {
    const [collector, silent] = [await collect(), await startFaultServer(() => hang)];
    const running = startProgram(
      [
        ...run,
        '--url',
        collector.url,
        '--api-url',
        silent.origin,
        '--timeout',
        '1s',
        '--json',
        '--report',
        'run.json',
      ],
      { cwd: folder(), env: { ...zone, MATOMO_API_TOKEN: VIEW_TOKEN } },
    );
    while (collector.state().totals.visits < 20 || !asksForSite(silent.requests.at(-1)?.body)) {
      await new Promise(done => setTimeout(done, 20));
    }
    running.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/! not verified: interrupted; trafficinator verify \S+run\.json does it later/);
    const report = JSON.parse(stdout) as Report;
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 130, verification: null, run: { stoppedBy: 'visits' } });
    await silent.close();
  });
});

function asksForSite(body = ''): boolean {
  return body.includes('QueuedTracking');
}
