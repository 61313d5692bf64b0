import { describe, expect, it } from 'vitest';
import { type ContractCase, readContract } from '../contract/contract.ts';
import { type ContractServer, replayCase } from '../contract/replay.ts';
import { liveEffects } from './live-effects.ts';

/**
 * The contract against a real server: the same cases the collector is held to. The server needs the contract's three
 * sites, and an empty log is best. One run makes ten failed logins; twenty within an hour lock the sender out, so two
 * runs an hour are one too many.
 */
const {
  MATOMO_URL: url,
  MATOMO_TOKEN_AUTH: token,
  MATOMO_WRITE_TOKEN: writeToken,
  MATOMO_SECURE_TOKEN: secureToken,
} = process.env;
const { cases } = readContract();

if (!url || !token) {
  console.log(
    'Skipped: the contract is not played to a real Matomo, because MATOMO_URL or MATOMO_TOKEN_AUTH is not set.',
  );
  describe.skip('contract on a real Matomo', () => it('needs MATOMO_URL and MATOMO_TOKEN_AUTH', () => {}));
} else {
  const missing = cases.filter(one => lacks(one));
  if (missing.length > 0) {
    console.log(
      `Skipped: ${missing.length} of ${cases.length} cases need MATOMO_WRITE_TOKEN or MATOMO_SECURE_TOKEN.`,
    );
  }
  const { origin } = new URL(url);
  const now = () => Math.floor(Date.now() / 1000);
  const server: ContractServer = {
    origin,
    token,
    writeToken,
    secureToken,
    now,
    effects: liveEffects(origin, token, now),
  };
  describe('contract on a real Matomo', () => {
    for (const one of cases) {
      it.skipIf(lacks(one) || holdsMidnight(one))(`${one.id}: ${one.why}`, async () => {
        await untilFullSecond();
        expect(await replayCase(one, server)).toEqual([]);
      });
    }
  });
}

function lacks({ needs }: ContractCase): boolean {
  return (needs === 'writeToken' && !writeToken) || (needs === 'secureToken' && !secureToken);
}

/** Visits that reach up to three hours back are cut in two where a midnight UTC lies in them. */
function holdsMidnight({ timeBase, steps }: ContractCase): boolean {
  return (
    timeBase === 'now' &&
    /now-\d{3,5}\D/.test(JSON.stringify(steps)) &&
    (Date.now() / 1000) % 86_400 < 3 * 3600
  );
}

/** The cases were recorded just after a full second: then all hits of a case without a time fall into one. */
function untilFullSecond(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 1020 - (Date.now() % 1000)));
}
