import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeProbe, type ProbeResult, tokenProbeBody } from '../../src/matomo/token-probe.ts';
import { readContract } from '../contract/contract.ts';
import { anyToken } from './any-token.ts';
import { bulkReply, gif, html, replyOf } from './replies.ts';

describe('the question whether a token may write', () => {
  it('is always a bulk of one line that records nothing and needs the token', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_294_967_295 }), anyToken, (siteId, token) => {
        const body = JSON.parse(tokenProbeBody(siteId, token));
        expect(Object.keys(body)).toEqual(['requests', 'token_auth']);
        expect(body.token_auth).toBe(token);
        expect(body.requests).toHaveLength(1);
        const line = new URLSearchParams(body.requests[0].slice(1));
        expect(Object.fromEntries(line)).toEqual({ idsite: String(siteId), rec: '0', cip: '1.2.3.4' });
      }),
    );
  });

  it('is the one that was recorded', () => {
    const recorded = readContract().cases.find(({ id }) => id === 'probe-bulk-rec-0-bad-token');
    expect(JSON.parse(tokenProbeBody(1, '{{badToken}}'))).toEqual(recorded?.steps[0]?.request.json);
  });
});

describe('the answer to it', () => {
  it.each<[string, ProbeResult['result'], ReturnType<typeof replyOf>]>([
    ['the line was tracked', 'good', bulkReply(1, 0)],
    ['the line was tracked, none is invalid', 'good', bulkReply(1, 0, [])],
    ['the line was invalid', 'refused', bulkReply(0, 1)],
    ['the line was invalid, and named', 'refused', bulkReply(0, 1, [0])],
    ['400', 'refused', replyOf(400, gif)],
    ['401', 'refused', replyOf(401, html)],
    ['403', 'refused', replyOf(403, html)],
    ['204, as a queue answers', 'unclear', replyOf(204)],
    ['a GIF, as a queue answers', 'unclear', replyOf(200, gif)],
    ['a page', 'unclear', replyOf(200, html)],
    ['neither tracked nor invalid', 'unclear', bulkReply(0, 0)],
    ['404', 'unclear', replyOf(404, html)],
    ['500, as a server that locked the sender out', 'unclear', replyOf(500, { tracked: 0, invalid: 0 })],
    ['503', 'unclear', replyOf(503, html)],
  ])('%s: %s', (_, result, reply) => {
    expect(judgeProbe(reply).result).toBe(result);
  });

  it('always says why unless it is good', () => {
    for (const reply of [bulkReply(0, 1), replyOf(403, html), replyOf(200, html), replyOf(500)]) {
      expect(judgeProbe(reply).detail).not.toBe('');
    }
    expect(judgeProbe(bulkReply(1, 0)).detail).toBe('');
  });

  const probes = readContract().cases.filter(({ id }) => /^probe-bulk-rec-0/.test(id));

  it.each(probes)('is good exactly where the record’s token is: $id', ({ id, steps }) => {
    const body = steps[0]?.response.body;
    const isGood = id === 'probe-bulk-rec-0-token';
    expect(judgeProbe(replyOf(200, Object(body))).result).toBe(isGood ? 'good' : 'refused');
  });
});
