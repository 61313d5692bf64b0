import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startCollector } from '../../src/collector/collector.ts';
import { bulk, collectorAtNoon, hit, noon, single, stateOverHttp, token } from './driver.ts';
import { ask } from './reporting-driver.ts';

function stateFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'collector-')), 'state.ndjson');
}

it('answers a share of requests with 500 and does not record them', async () => {
  const collector = await collectorAtNoon({ errorRate: 0.5 });
  const statuses = await Promise.all(
    Array.from({ length: 200 }, (_, n) => single(collector, hit({ cid: String(n).padStart(16, '0') }))),
  );
  const failed = statuses.filter(status => status === 500).length;
  expect(failed).toBeGreaterThan(60);
  expect(failed).toBeLessThan(140);
  expect(collector.state().totals.visits).toBe(200 - failed);
  await collector.close();
});

it('leaves requests hanging, and closes at once all the same', async () => {
  const collector = await collectorAtNoon({ hangRate: 1 });
  const waiting = Promise.allSettled([single(collector, hit()), single(collector, hit())]);
  await new Promise(resolve => setTimeout(resolve, 50));
  const began = Date.now();
  await collector.close();
  expect(Date.now() - began).toBeLessThan(1000);
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(collector.state().totals.visits).toBe(0);
});

it('resets connections for good after so many requests, and can still be asked what it holds', async () => {
  const collector = await collectorAtNoon({ failAfter: 3 });
  const results = [];
  for (let n = 0; n < 6; n++) results.push(await single(collector, hit()).catch(() => 'reset'));
  expect(results).toEqual([200, 200, 200, 'reset', 'reset', 'reset']);
  await expect(fetch(collector.origin)).rejects.toThrow();
  const state = await stateOverHttp(collector);
  expect(state.totals.actions).toBe(3);
  await collector.close();
});

it('holds answers back', async () => {
  const collector = await collectorAtNoon({ latencyMs: { min: 80, max: 90 } });
  const began = performance.now();
  await single(collector, hit());
  expect(performance.now() - began).toBeGreaterThanOrEqual(79);
  await collector.close();
});

it('records a request and cuts its connection in the place of an answer', async () => {
  const collector = await collectorAtNoon({ cutAfterRecording: 3 });
  const results = [];
  for (let n = 0; n < 6; n++) results.push(await single(collector, hit()).catch(() => 'cut'));
  expect(results).toEqual([200, 200, 'cut', 200, 200, 'cut']);
  expect(collector.state().totals.actions).toBe(6);
  await collector.close();
});

it('answers as if it had recorded, and did not', async () => {
  const collector = await collectorAtNoon({ loseQuietly: request => request.body.includes('lost') });
  expect((await bulk(collector, [hit(), hit({ action_name: 'lost' })])).body).toEqual({
    status: 'success',
    tracked: 2,
    invalid: 0,
    invalid_indices: [],
  });
  expect(collector.state().totals.visits).toBe(0);
  expect((await bulk(collector, [hit(), { idsite: 99, rec: 1 }])).body).toMatchObject({
    tracked: 1,
    invalid: 1,
  });
  expect(collector.state().totals.actions).toBe(1);
  await collector.close();
});

it('queues hits: takes all of them at once and unseen, and records them later and in order, dated as they came', async () => {
  let second = noon;
  const collector = await collectorAtNoon({ queueSeconds: 0.3, now: () => second * 1000 });
  const gif = await fetch(collector.url, {
    method: 'POST',
    body: JSON.stringify({ requests: [hit({ action_name: 'first' })] }),
  });
  expect([gif.status, gif.headers.get('content-type')]).toEqual([200, 'image/gif']);
  expect((await bulk(collector, [hit({ idsite: 99 })], { send_image: 0 })).status).toBe(204);
  expect(await single(collector, hit({ action_name: 'second' }))).toBe(200);
  expect((await fetch(collector.url, { method: 'POST' })).status).toBe(400);
  expect(collector.state().totals.visits).toBe(0);
  expect((await ask(collector, 'API.isPluginActivated&pluginName=QueuedTracking')).json).toEqual({
    value: true,
  });
  second += 60;
  while (collector.state().totals.actions < 2) await new Promise(resolve => setTimeout(resolve, 10));
  expect(collector.visits()[0]).toMatchObject({
    firstActionAt: noon,
    lastActionAt: noon,
    actions: [{ title: 'first' }, { title: 'second' }],
  });
  expect(await single(collector, hit({ cid: '00000000000000a2', idsite: 99 }))).toBe(200);
  const unqueued = await fetch(`${collector.url}?queuedtracking=0&idsite=99&rec=1`);
  expect(unqueued.status).toBe(400);
  await collector.close();
});

it('records nothing in null mode, and answers every tracking request alike', async () => {
  const collector = await collectorAtNoon({ nullMode: true });
  expect(await single(collector, hit())).toBe(204);
  expect((await bulk(collector, [hit()])).status).toBe(204);
  expect((await stateOverHttp(collector)).totals.visits).toBe(0);
  await collector.close();
});

it('remembers visits, orders and failed logins over a restart', async () => {
  const path = stateFile();
  const first = await collectorAtNoon({ stateFile: path });
  await bulk(first, [hit({ cdt: noon - 60 }), hit({ idgoal: 0, ec_id: 'o1', revenue: 1 })]);
  await bulk(first, [hit({ cdt: noon - 90_000 })], { token_auth: 'bad' });
  const before = first.state({ visits: true });
  await first.close();

  const second = await collectorAtNoon({ stateFile: path });
  expect(second.state({ visits: true })).toEqual(before);
  expect((await bulk(second, [hit(), hit({ idgoal: 0, ec_id: 'o1' })])).body).toMatchObject({
    tracked: 1,
    invalid: 1,
  });
  expect(second.state().totals).toMatchObject({ visits: 1, actions: 2 });
  await second.close();
});

it('reads back what was written before it was killed, also from a line that was cut off', async () => {
  const path = stateFile();
  const first = await startCollector({ token, stateFile: path });
  await bulk(first, [hit()]);
  await new Promise(resolve => setTimeout(resolve, 1300));
  const asKilled = readFileSync(path, 'utf8');
  await first.close();
  writeFileSync(path, `${asKilled}{"visit":{"id":2,"sit`);
  const second = await startCollector({ token, stateFile: path });
  expect(second.state().totals).toMatchObject({ visits: 1, actions: 1 });
  await second.close();
});

it('refuses a state file that is something else, and a port that is taken', async () => {
  const path = stateFile();
  writeFileSync(path, '{"hello": 1}\n');
  await expect(startCollector({ stateFile: path })).rejects.toMatchObject({ code: 'FILE_INVALID' });
  const one = await collectorAtNoon();
  const port = Number(new URL(one.origin).port);
  await expect(startCollector({ port })).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
  await one.close();
});

it('goes on after a client that went away in the middle of its request', async () => {
  const collector = await collectorAtNoon();
  const { port } = new URL(collector.origin);
  const child = spawn(process.execPath, [
    '-e',
    `const s=require('net').connect(${port},'127.0.0.1',()=>{s.write('POST /matomo.php HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 99\\r\\n\\r\\nabc');setTimeout(()=>process.exit(),30)})`,
  ]);
  await new Promise(resolve => child.on('exit', resolve));
  expect(await single(collector, hit())).toBe(200);
  await collector.close();
});

it('loses the beginning of a bulk, counts all of it and says that it failed, and spares single hits', async () => {
  const collector = await collectorAtNoon({ failCommit: 2 });
  const hits = Array.from({ length: 20 }, (_, n) => hit({ action_name: String(n) }));
  const kept = new Set<number>();
  for (let n = 0; n < 10; n++) {
    const answers = [];
    for (let sent = 0; sent < 2; sent++) answers.push(await bulk(collector, [...hits, hit({ idsite: 99 })]));
    const counts = { tracked: 20, invalid: 1, invalid_indices: [20] };
    expect(answers).toEqual([
      { status: 200, body: { status: 'success', ...counts } },
      { status: 500, body: { status: 'error', ...counts } },
    ]);
    const rest =
      collector
        .visits()[0]
        ?.actions.slice(20)
        .map(({ title }) => title) ?? [];
    expect(rest).toEqual(hits.slice(20 - rest.length).map(({ action_name }) => action_name));
    kept.add(rest.length);
    collector.reset();
  }
  expect(kept.size).toBeGreaterThan(1);
  for (let n = 0; n < 2; n++) expect(await single(collector, hit())).toBe(200);
  expect(collector.state().totals.actions).toBe(2);
  await collector.close();
});

it('answers a bulk itself where it can record nothing', async () => {
  const collector = await collectorAtNoon({ errorRate: 1 });
  expect(await bulk(collector, [hit()])).toEqual({
    status: 500,
    body: { status: 'error', tracked: 0, invalid: 0 },
  });
  expect(collector.state().totals.actions).toBe(0);
  await collector.close();
});
