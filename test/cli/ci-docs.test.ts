import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { parseReport } from '../../src/run/saved-report.ts';
import { folder } from '../support/program.ts';
import { servers } from '../support/servers.ts';

const { collect, close } = servers();
afterAll(close);

const page = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));
const [github = '', gitlab = ''] = blocks.flatMap(({ kind, text }) => (kind === 'yaml' ? [text] : []));
const [shell = ''] = blocks.flatMap(({ kind, text }) => (kind === 'sh' ? [text] : []));

const workflow = z.object({
  jobs: z.object({
    smoke: z.object({
      env: z.record(z.string(), z.string()),
      steps: z.array(
        z.object({
          run: z.string().optional(),
          uses: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  }),
});

const pipeline = z.object({ smoke: z.object({ script: z.array(z.string()) }) });

describe('the jobs that the page on CI shows', () => {
  const { env, steps } = workflow.parse(parse(github)).jobs.smoke;
  const commands = steps.flatMap(({ run }) => run ?? []);

  it('are the same everywhere', () => {
    expect(pipeline.parse(parse(gitlab)).smoke.script).toEqual(commands);
    expect(shell.replaceAll('\\\n  ', '').trim().split('\n')).toEqual(commands);
  });

  it('run as they stand, and leave the files they upload', async () => {
    const collector = await collect({ token: 'c3'.repeat(16) });
    const values: Readonly<Record<string, string>> = {
      MATOMO_URL: collector.url,
      MATOMO_SITE_ID: '1',
      MATOMO_TOKEN_AUTH: collector.token,
    };
    expect(Object.keys(env).sort()).toEqual(Object.keys(values).sort());
    const executable = resolve(import.meta.dirname, '../../bin/trafficinator.js');
    const path = folder({ trafficinator: `#!/bin/sh\nexec '${process.execPath}' '${executable}' "$@"\n` });
    chmodSync(join(path, 'trafficinator'), 0o755);
    const cwd = folder();
    const run = (command: string) =>
      new Promise<{ code: number; said: string }>(done => {
        const options = {
          cwd,
          env: {
            ...values,
            PATH: [path, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
            // The preset takes its time, and here nobody has any.
            TRAFFICINATOR_RATE: '40/s',
          },
        };
        const child = execFile('/bin/sh', ['-c', command], options, (_, stdout, stderr) =>
          done({ code: child.exitCode ?? -1, said: stdout + stderr }),
        );
      });
    const [validate = '', smoke = '', ...others] = commands.filter(command => !command.startsWith('npm '));
    expect(others).toEqual([]);
    expect(await run(validate)).toMatchObject({ code: 0 });
    const { code, said } = await run(smoke);
    const { report } = parseReport(readFileSync(join(cwd, 'run.json'), 'utf8'), 'run.json');
    // How fast a busy machine answers is not what is tested here.
    const broken = report.thresholds.filter(({ passed }) => !passed).map(({ expression }) => expression);
    expect(broken.filter(expression => !expression.startsWith('latency'))).toEqual([]);
    expect({ code, said }).toMatchObject({ code: broken.length === 0 ? 0 : 4 });
    expect(report).toMatchObject({ visits: { planned: 60, completed: 60 }, verification: { passed: true } });
    expect(report.thresholds).toHaveLength(3);
    const uploaded = steps.flatMap(({ uses, with: given }) =>
      uses?.startsWith('actions/upload-artifact') ? String(given?.path).trim().split('\n') : [],
    );
    expect(uploaded.length).toBeGreaterThan(0);
    expect(uploaded.filter(name => !existsSync(join(cwd, name)))).toEqual([]);
  });
});
