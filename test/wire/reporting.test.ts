import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Reply } from '../../src/matomo/reply.ts';
import { type Question, questionForm, questionsForm } from '../../src/matomo/reporting/question.ts';
import { reportingClient } from '../../src/matomo/reporting/reporting-client.ts';
import { siteQuestion, siteSettingsQuestion } from '../../src/matomo/reporting/site.ts';
import { anyToken } from './any-token.ts';

const answer = {
  idsite: '3',
  name: 'Svensk butik',
  main_url: 'https://butik.example',
  ts_created: '2020-01-01 00:00:00',
  timezone: 'Europe/Stockholm',
  currency: 'SEK',
  ecommerce: '1',
  sitesearch: 0,
  exclude_unknown_urls: 0,
  excluded_ips: '10.0.0.*, 192.168.1.1',
  excluded_user_agents: '',
  excluded_parameters: '',
  excluded_referrers: '',
};

const reply = (body: unknown, status = 200): Reply => ({
  status,
  headers: new Map(),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

/** A client whose requests get these answers in turn, and what it sent. */
function clientOf(...replies: (Reply | Error)[]) {
  const sent: string[] = [];
  const client = reportingClient({
    token: 'secret',
    causeOf: error => (error instanceof Error ? error.message : ''),
    async post(_method, body) {
      sent.push(body);
      const next = replies[Math.min(sent.length, replies.length) - 1];
      if (next instanceof Error || next === undefined) throw next ?? new Error('none');
      return next;
    },
  });
  return { client, sent };
}

const version: Question<string> = {
  method: 'API.getMatomoVersion',
  parameters: {},
  answer: z.object({ value: z.string() }).transform(({ value }) => value),
};

describe('a question', () => {
  it('always is a form that holds the token as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_294_967_295 }), anyToken, (siteId, token) => {
        expect(Object.fromEntries(new URLSearchParams(questionForm(siteQuestion(siteId), token)))).toEqual({
          module: 'API',
          method: 'SitesManager.getSiteFromId',
          idSite: String(siteId),
          format: 'JSON',
          format_metrics: '0',
          token_auth: token,
        });
      }),
    );
  });

  it('stands in a list without the token, which the list has once', () => {
    const form = new URLSearchParams(questionsForm([version, siteQuestion(3)], 'to&ken'));
    expect(form.get('token_auth')).toBe('to&ken');
    expect(form.get('method')).toBe('API.getBulkRequest');
    expect(form.get('urls[0]')).toBe('method=API.getMatomoVersion&format=JSON&format_metrics=0');
    expect(form.get('urls[1]')).toBe(
      'method=SitesManager.getSiteFromId&idSite=3&format=JSON&format_metrics=0',
    );
  });
});

describe('the answer about a site', () => {
  it.each([
    ['as it is', answer],
    ['as a list of one', [answer]],
  ])('is read %s', async (_, body) => {
    expect(await clientOf(reply(body)).client.ask(siteQuestion(3))).toMatchObject({
      name: 'Svensk butik',
      timezone: 'Europe/Stockholm',
      ecommerce: true,
      sitesearch: false,
      excluded_ips: ['10.0.0.*', '192.168.1.1'],
      excluded_user_agents: [],
    });
  });

  it('can have a distance from UTC for a zone', async () => {
    const { client } = clientOf(reply({ name: 'x', timezone: 'UTC+5.5', currency: 'INR' }));
    expect((await client.ask(siteSettingsQuestion(3))).timezone).toBe('UTC+5.5');
  });

  it.each([
    ['an error with status 200', { result: 'error', message: 'no such site' }, 'told', 'no such site'],
    ['an empty list', [], 'unreadable', ''],
    ['a page', '<html>Log in</html>', 'unreadable', 'Log in'],
    ['nothing', '', 'unreadable', ''],
    ['null', null, 'unreadable', ''],
    ['a zone nobody knows', { ...answer, timezone: 'Mars/Olympus' }, 'unreadable', 'timezone'],
  ])('is an error for %s', async (_, body, kind, words) => {
    const asked = clientOf(reply(body === null ? 'null' : body)).client.ask(siteQuestion(3));
    await expect(asked).rejects.toMatchObject({ kind, message: expect.stringContaining(words) });
  });

  it('always is a site or an error of its own kind', () => {
    return fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async text => {
        const asked = clientOf(reply(text)).client.ask(siteQuestion(3));
        await expect(asked).rejects.toMatchObject({ name: 'ReportingError' });
      }),
    );
  });
});

describe('a client of the Reporting API', () => {
  it('asks again where no answer comes, or one of an overloaded server', async () => {
    const { client, sent } = clientOf(new Error('ECONNRESET'), reply('busy', 503), reply({ value: '5.2' }));
    expect(await client.ask(version)).toBe('5.2');
    expect(new Set(sent).size).toBe(1);
    expect(sent).toHaveLength(3);
  });

  it('gives up after three tries and says why', async () => {
    const { client, sent } = clientOf(new Error('ECONNREFUSED'));
    await expect(client.ask(version)).rejects.toMatchObject({ kind: 'unreachable', message: 'ECONNREFUSED' });
    expect(sent).toHaveLength(3);
  });

  it('never asks again after a refusal: about 20 lock the sender out', async () => {
    const refusal = { result: 'error', message: 'Unable to authenticate with the provided token.' };
    const { client, sent } = clientOf(reply(refusal, 401));
    const asked = Promise.allSettled([client.askTogether([version, version])]);
    expect(await asked).toMatchObject([{ reason: { kind: 'refused', message: refusal.message } }]);
    await expect(client.ask(version)).rejects.toMatchObject({ kind: 'refused' });
    expect(sent).toHaveLength(1);
  });

  it('tells the error of one question in its place', async () => {
    const { client } = clientOf(reply([{ value: '5.2' }, { result: 'error', message: 'not yours' }]));
    const [told, refused] = await client.askTogether([version, siteQuestion(9)]);
    expect(told.value).toBe('5.2');
    expect(refused.error).toMatchObject({ kind: 'told', message: 'not yours' });
  });

  it('takes an error with status 500 for an answer, and asks once', async () => {
    const { client, sent } = clientOf(reply({ result: 'error', message: 'database' }, 500));
    await expect(client.ask(version)).rejects.toMatchObject({ kind: 'told', message: 'database' });
    expect(sent).toHaveLength(1);
  });
});
