import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BulkBody } from '../../src/matomo/bulk.ts';
import { hitParameters, siteParameters } from '../../src/matomo/parameters.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import { anyRun, anyTarget } from '../traffic/any-traffic.ts';
import { anyToken } from './any-token.ts';

function bodyOf(lines: readonly string[], token: string | undefined, likelyBytes?: number): unknown {
  const body = new BulkBody(likelyBytes);
  for (const line of lines) body.add(line);
  return JSON.parse(body.closed(token).toString('utf8'));
}

describe('a bulk body', () => {
  it('is always JSON with a line for each hit, in order, each beginning with a question mark', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, fc.boolean(), fc.nat(20_000), (run, target, withToken, likelyBytes) => {
        const site = siteParameters(1, withToken);
        const plan = visitPlan(run, target);
        const lines = [0, 1].flatMap(index => {
          const visit = plan(index, 0);
          return visit.hits.map((_, at) => hitParameters(site, visit, at));
        });
        expect(bodyOf(lines, undefined, likelyBytes)).toEqual({ requests: lines.map(line => `?${line}`) });
      }),
    );
  });

  it('always has the token on top and in no line, whatever characters it holds', () => {
    fc.assert(
      fc.property(anyToken, token => {
        expect(bodyOf(['a=1', 'b=2'], token)).toEqual({ requests: ['?a=1', '?b=2'], token_auth: token });
      }),
    );
  });

  it('has no token where there is none', () => {
    expect(bodyOf(['a=1'], undefined)).toEqual({ requests: ['?a=1'] });
  });
});
