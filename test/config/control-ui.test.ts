import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { readControlUi } from '../../src/config/control-ui.ts';
import { type ControlUiAnswer, type ControlUiServer, startControlUi } from '../support/control-ui.ts';
import { closedPort } from '../support/fault-server.ts';

const key = 'a-key-that-nobody-may-see';
let server: ControlUiServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const lead = {
  name: 'Lead',
  description: null,
  probability: 0.25,
  priority: 1,
  enabled: false,
  exit_after_completion: true,
  steps: [{ type: 'pageview', url: 'https://example.com/', title: null, event_value: null }],
};

async function reading(funnels: readonly Record<string, unknown>[], instead?: ControlUiAnswer, given = key) {
  server = await startControlUi(funnels, key, instead);
  return readControlUi({ base: server.base, key: given, keyVariable: 'KEY', timeoutMs: 400 });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof Failure)) throw new Error(`no failure: ${failure}`);
  expect(`${failure.message} ${failure.hint} ${failure.stack}`).not.toContain(key);
  expect(failure.cause).toBeUndefined();
  expect(failure.exitCode).toBe(2);
  return failure;
}

describe('a control UI', () => {
  it('is asked for its list and each funnel, the key in a header', async () => {
    const { funnels, problems } = await reading([lead, { ...lead, name: 'Other', priority: 2 }]);
    expect(problems).toEqual([]);
    expect(funnels.map(({ definition }) => [definition.name, definition.enabled])).toEqual([
      ['Lead', false],
      ['Other', false],
    ]);
    expect(server?.requests).toEqual(
      ['/api/funnels', '/api/funnels/0', '/api/funnels/1'].map(path => ({ path, key })),
    );
  });

  it('may be named with a slash or its api', async () => {
    server = await startControlUi([lead], key);
    for (const end of ['/', '/api', '/api/']) {
      const { funnels } = await readControlUi({ base: `${server.base}${end}`, key, keyVariable: 'KEY' });
      expect(funnels.length).toBe(1);
    }
  });

  it('has its mistakes told with the address of the funnel', async () => {
    const { problems } = await reading([{ ...lead, steps: [{ type: 'event' }] }]);
    expect(problems.length).toBe(4);
    expect(problems[0]).toMatchObject({
      path: 'funnel.steps[0].event_category',
      from: `${server?.base}/api/funnels/0`,
    });
  });

  const answering =
    (status: number, body: string, headers: Record<string, string> = {}): ControlUiAnswer =>
    (_, response) => {
      response.writeHead(status, headers);
      response.end(body);
      return true;
    };

  it.each<[string, ControlUiAnswer, string]>([
    ['a page', answering(200, '<html>'), 'did not answer with funnels'],
    ['something else', answering(200, '{"items": []}'), 'did not answer with funnels'],
    ['an error', answering(500, 'oops'), 'answered with status 500'],
    ['nothing there', answering(404, '{}'), 'is not there: status 404'],
    ['another address', answering(302, '', { location: 'https://login.example/' }), 'leads elsewhere'],
    ['a cut connection', ({ socket }) => socket.destroy() !== undefined, 'did not answer: '],
    ['nothing at all', () => true, 'did not answer within 0.4 s: TIMEOUT'],
  ])('that answers with %s is told in words', async (_, instead, message) => {
    expect((await failureOf(reading([lead], instead))).message).toContain(message);
  });

  it('that refuses the key, that is not there, or that has no address, is told without the key', async () => {
    const refused = await failureOf(reading([lead], undefined, `${key}-wrong`));
    expect(refused.message).toContain('refused the key of KEY: status 401');
    const base = `http://127.0.0.1:${await closedPort()}`;
    const absent = await failureOf(readControlUi({ base, key, keyVariable: 'KEY' }));
    expect(absent.message).toContain('ECONNREFUSED');
    for (const wrong of ['localhost', 'ftp://a.example', `http://user:${key}@a.example`]) {
      const unusable = await failureOf(readControlUi({ base: wrong, key, keyVariable: 'KEY' }));
      expect(unusable.code).toBe('USAGE');
    }
  });
});
