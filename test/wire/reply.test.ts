import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/base/mask-secrets.ts';
import type { Outcome, Verdict } from '../../src/matomo/outcome.ts';
import { example, judgeBulk, judgeSingle, type Reply, wholeWords } from '../../src/matomo/reply.ts';
import { readContract, type Step } from '../contract/contract.ts';
import { bulkReply, gif, html, replyOf } from './replies.ts';

/** Matomo's piwik.php, where the tracker threw what it did not catch: with status 200. */
const fallen = 'Error:Rollback failed';

const anyStatus = fc.integer({ min: 100, max: 599 });

describe('an answer to a single hit', () => {
  it.each<[string, Outcome | 'again', Reply]>([
    ['200 with a GIF', 'accepted', replyOf(200, gif)],
    ['204', 'accepted', replyOf(204)],
    ['400 with a GIF', 'rejected', replyOf(400, gif)],
    ['400 with a page', 'rejected', replyOf(400, html)],
    ['429', 'again', replyOf(429)],
    ['503', 'again', replyOf(503, html)],
    ['500', 'unknown', replyOf(500, html)],
    ['502', 'unknown', replyOf(502, html)],
    ['504', 'unknown', replyOf(504, html)],
    ['403', 'failed', replyOf(403, html)],
    ['404', 'failed', replyOf(404, html)],
    ['401', 'failed', replyOf(401, html)],
    ['414', 'failed', replyOf(414, html)],
    ['301', 'failed', replyOf(301, '', { location: 'https://www.stats.example/matomo.php' })],
    ['302', 'failed', replyOf(302, '', { location: '/login' })],
    ['308', 'failed', replyOf(308, '', { location: '/login' })],
    ['200 with a page', 'failed', replyOf(200, html)],
    ['200 with nothing', 'failed', replyOf(200)],
    ['200 with JSON', 'failed', bulkReply(1, 0)],
    ['200 with what PHP says of an exception', 'unknown', replyOf(200, fallen)],
  ])('%s: %s', (_, outcome, reply) => {
    const judgement = judgeSingle(reply);
    expect(judgement === 'again' ? judgement : judgement.outcome).toBe(outcome);
  });

  it('is never taken for accepted but with a GIF or as 204', () => {
    fc.assert(
      fc.property(anyStatus, fc.string(), (status, body) => {
        fc.pre(status !== 204 && !body.startsWith('GIF'));
        const judgement = judgeSingle(replyOf(status, body));
        expect(judgement === 'again' || judgement.outcome !== 'accepted').toBe(true);
      }),
    );
  });

  it('is never sent again but where the server asked for it', () => {
    fc.assert(
      fc.property(anyStatus, status => {
        expect(judgeSingle(replyOf(status, html)) === 'again').toBe(status === 429 || status === 503);
      }),
    );
  });

  it('has a stable cause unless it is accepted, and never is in doubt', () => {
    fc.assert(
      fc.property(anyStatus, fc.constantFrom('', html, 'GIF89a'), (status, body) => {
        const judgement = judgeSingle(replyOf(status, body));
        if (judgement === 'again') return;
        if (judgement.outcome === 'accepted') expect(judgement.cause).toBe('');
        else expect(judgement.cause).toMatch(/^[A-Z_0-9]+$/);
        expect([judgement.inDoubt, judgement.unconfirmed]).toEqual([false, false]);
      }),
    );
  });
});

/** How many hits of a body have each outcome. */
function count(verdicts: readonly Verdict[] | 'again') {
  if (verdicts === 'again') return verdicts;
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of verdicts) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const inDoubt = (verdicts: readonly Verdict[] | 'again') =>
  verdicts !== 'again' && verdicts.every(verdict => verdict.inDoubt);

describe('an answer to a body of three hits', () => {
  it.each<[string, ReturnType<typeof count>, Reply]>([
    ['204', { accepted: 3 }, replyOf(204)],
    ['200 with a GIF', { accepted: 3 }, replyOf(200, gif)],
    ['200, all tracked', { accepted: 3 }, bulkReply(3, 0)],
    ['200, all tracked, no index', { accepted: 3 }, bulkReply(3, 0, [])],
    ['200, one invalid', { accepted: 2, rejected: 1 }, bulkReply(2, 1, [1])],
    ['200, all invalid', { rejected: 3 }, bulkReply(0, 3, [0, 1, 2])],
    ['200, one in neither count', { accepted: 2, unknown: 1 }, bulkReply(2, 0)],
    ['200, all in neither count', { unknown: 3 }, bulkReply(0, 0)],
    ['200, one invalid, one in neither', { accepted: 1, unknown: 1, rejected: 1 }, bulkReply(1, 1, [0])],
    ['200, more tracked than sent', { accepted: 3 }, bulkReply(5, 0)],
    ['200, more invalid than sent', { rejected: 3 }, bulkReply(0, 5)],
    ['200, both more than sent', { accepted: 1, rejected: 2 }, bulkReply(2, 2)],
    ['200 with a page', { failed: 3 }, replyOf(200, html)],
    ['200 with nothing', { failed: 3 }, replyOf(200)],
    ['200 with JSON that ends too early', { unknown: 3 }, replyOf(200, '{"status":"success","tracked":3')],
    ['200 with other JSON', { failed: 3 }, replyOf(200, { result: 'error' })],
    ['200 with what PHP says of an exception', { unknown: 3 }, replyOf(200, fallen)],
    ['200 with null', { failed: 3 }, replyOf(200, 'null')],
    ['200 with counts that are none', { failed: 3 }, replyOf(200, { tracked: '3', invalid: -1 })],
    ['500 at a hit', 'again', replyOf(500, { status: 'error', tracked: 1, invalid: 0 })],
    ['500 at the commit', { unknown: 3 }, replyOf(500, { status: 'error', tracked: 3, invalid: 0 })],
    ['500 at it, one invalid', { unknown: 3 }, replyOf(500, { status: 'error', tracked: 2, invalid: 1 })],
    ['500 at it, one locked', { unknown: 3 }, replyOf(500, { status: 'error', tracked: 1, invalid: 1 })],
    ['500 without counts', { unknown: 3 }, replyOf(500, html)],
    ['429', 'again', replyOf(429)],
    ['503', 'again', replyOf(503, html)],
    ['502', { unknown: 3 }, replyOf(502, html)],
    ['504', { unknown: 3 }, replyOf(504, html)],
    ['400', { rejected: 3 }, replyOf(400, gif)],
    ['403', { failed: 3 }, replyOf(403, html)],
    ['404', { failed: 3 }, replyOf(404, html)],
    ['413', { failed: 3 }, replyOf(413, html)],
    ['302', { failed: 3 }, replyOf(302, '', { location: '/login' })],
  ])('%s: %o', (_, counts, reply) => {
    expect(count(judgeBulk(reply, 3))).toEqual(counts);
  });

  it('always judges every hit, or asks for the whole body again', () => {
    const anyBody = fc.oneof(
      fc.string(),
      fc.constantFrom(html, gif),
      fc.record({ tracked: fc.nat(8), invalid: fc.nat(8), invalid_indices: fc.array(fc.nat(8)) }),
    );
    fc.assert(
      fc.property(anyStatus, anyBody, fc.integer({ min: 1, max: 6 }), (status, body, sent) => {
        const verdicts = judgeBulk(replyOf(status, body), sent);
        if (verdicts !== 'again') expect(verdicts).toHaveLength(sent);
      }),
    );
  });

  it('is unconfirmed where nothing was counted, as by a queue, and only there', () => {
    for (const reply of [replyOf(204), replyOf(200, gif)]) {
      expect(judgeBulk(reply, 2)).toMatchObject([{ unconfirmed: true }, { unconfirmed: true }]);
    }
    expect(judgeBulk(bulkReply(2, 0), 2)).toMatchObject([{ unconfirmed: false }, { unconfirmed: false }]);
  });
});

describe('the indices of invalid hits', () => {
  const anyBody = fc
    .integer({ min: 1, max: 40 })
    .chain(sent =>
      fc.tuple(fc.constant(sent), fc.uniqueArray(fc.nat(sent - 1), { minLength: 1, maxLength: sent })),
    );

  it('always name exactly the rejected ones, in any order', () => {
    fc.assert(
      fc.property(anyBody, ([sent, indices]) => {
        const verdicts = judgeBulk(bulkReply(sent - indices.length, indices.length, indices), sent);
        if (verdicts === 'again') throw new Error('it was judged');
        verdicts.forEach(({ outcome, inDoubt: isInDoubt }, at) => {
          expect(outcome).toBe(indices.includes(at) ? 'rejected' : 'accepted');
          expect(isInDoubt).toBe(false);
        });
      }),
    );
  });

  it('leave all in doubt where they are missing, as for all but a superuser: right in number', () => {
    fc.assert(
      fc.property(anyBody, ([sent, { length: invalid }]) => {
        const verdicts = judgeBulk(bulkReply(sent - invalid, invalid), sent);
        expect(inDoubt(verdicts)).toBe(true);
        const accepted = sent - invalid;
        expect(count(verdicts)).toEqual(
          accepted > 0 ? { accepted, rejected: invalid } : { rejected: invalid },
        );
      }),
    );
  });

  it.each<[string, unknown]>([
    ['beyond what was sent', [0, 3]],
    ['the same twice', [1, 1]],
    ['too few', [1]],
    ['too many', [0, 1, 2]],
    ['below 0', [-1, 1]],
    ['no whole numbers', [0.5, 1]],
    ['text', ['0', '1']],
    ['no list', { 0: 1 }],
    ['null', null],
    ['none', []],
  ])('leave all in doubt where they do not fit two invalid of three: %s', (_, indices) => {
    const verdicts = judgeBulk(bulkReply(1, 2, indices), 3);
    expect(count(verdicts)).toEqual({ accepted: 1, rejected: 2 });
    expect(inDoubt(verdicts)).toBe(true);
  });

  it('are not trusted where the counts do not add up', () => {
    expect(inDoubt(judgeBulk(bulkReply(1, 1, [0]), 3))).toBe(true);
  });

  it('are never needed where none is invalid', () => {
    expect(inDoubt(judgeBulk(bulkReply(3, 0), 3))).toBe(false);
  });
});

describe('every recorded answer', () => {
  const steps = readContract().cases.flatMap(({ id, steps: its }) =>
    its.map((step, at) => ({ id: `${id}, step ${at + 1}`, step })),
  );
  const bulks = steps.flatMap(({ id, step }) => {
    const sent = linesOf(step);
    return sent === undefined ? [] : [{ id, sent, reply: recorded(step), body: step.response.body }];
  });
  const singles = steps.filter(({ step }) => step.request.json === null && step.request.raw === null);

  it('is among those that are looked at', () => {
    expect(bulks.length).toBeGreaterThan(140);
    expect(singles.length).toBeGreaterThan(100);
  });

  it.each(bulks)('to a bulk counts as it says: $id', ({ sent, reply, body }) => {
    const verdicts = judgeBulk(reply, sent);
    if (reply.status === 500) {
      expect(verdicts).toBe('again');
      return;
    }
    const counts = count(verdicts);
    const { tracked = sent, invalid = 0 } = body as { tracked?: number; invalid?: number };
    const unknown = sent - tracked - invalid;
    const expected = Object.entries({ accepted: tracked, rejected: invalid, unknown });
    expect(counts).toEqual(Object.fromEntries(expected.filter(([, hits]) => hits > 0)));
  });

  it.each(singles)('to a single hit is what its status and body say: $id', ({ step }) => {
    const { status, body } = step.response;
    const judgement = judgeSingle(recorded(step));
    const expected = status === 400 ? 'rejected' : body === 'gif' || status === 204 ? 'accepted' : 'failed';
    expect(judgement).toMatchObject({ outcome: expected });
  });
});

/** How many hits a bulk held; undefined for what is no bulk of ours. */
function linesOf({ request }: Step): number | undefined {
  const { json } = request;
  if (typeof json !== 'object' || json === null || !('requests' in json)) return undefined;
  return Array.isArray(json.requests) ? json.requests.length : undefined;
}

function recorded({ response: { status, body } }: Step): Reply {
  if (body === 'gif') return replyOf(status, gif);
  if (body === 'html') return replyOf(status, html);
  return replyOf(status, body === 'empty' || typeof body !== 'object' || body === null ? '' : body);
}

describe('what is shown of an answer', () => {
  it('says the title of an error page once where it is the heading, too', () => {
    const page =
      '<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1>nginx</body></html>';
    expect(example(replyOf(403, page))).toBe('status 403: 403 Forbidden nginx');
    expect(example(replyOf(200, 'well well known'))).toBe('status 200: well known');
    expect(example(replyOf(200, 'well wellness'))).toBe('status 200: well wellness');
  });

  it('is the status and the words of the body, without markup and scripts', () => {
    const page =
      '<html><script>var a = 1;</script><style>b {}</style><h1>Not\n found</h1><p>Sorry.</p></html>';
    expect(example(replyOf(404, page))).toBe('status 404: Not found Sorry.');
  });

  it('is the status alone where there are no words', () => {
    expect(example(replyOf(500))).toBe('status 500');
    expect(example(replyOf(400, gif))).toBe('status 400');
  });

  it('is where a redirect points, without its query, which may hold anything', () => {
    const reply = replyOf(302, html, { location: 'https://stats.example/login?token_auth=abc#top' });
    expect(example(reply)).toBe('status 302 to https://stats.example/login');
  });

  it('never holds 32 hex digits or more in a row, which may be a token', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-fA-F]{32,64}$/), fc.string(), (token, around) => {
        expect(example(replyOf(403, `${around} ${token}`))).not.toMatch(/[0-9a-f]{32}/i);
      }),
    );
  });

  it('never ends in half of a secret, which nobody could take out any more', () => {
    const secret = 'hunter-22';
    const beginnings = Array.from({ length: 3 * secret.length }, (_, at) => at);
    for (const cut of [1000, 2000]) {
      for (const before of beginnings) {
        const filler = 'word '.repeat(500).slice(0, cut - before - 1);
        const page = `${filler} ${secret} ${secret} and so on`;
        const shown = maskSecrets(example(replyOf(500, cut === 1000 ? page : `${page} ${page}`)), [secret]);
        expect(shown).not.toContain('hunt');
        const told = maskSecrets(wholeWords(page, filler.length + before), [secret]);
        expect(told).not.toContain('hunt');
      }
    }
  });

  it('never is long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000, size: 'max' }), text => {
        expect(example(replyOf(500, text)).length).toBeLessThanOrEqual(1020);
      }),
    );
  });
});
