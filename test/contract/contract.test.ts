import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/collector.ts';
import { collectorEffects } from './collector-effects.ts';
import { readContract } from './contract.ts';
import { type ContractServer, replayCase } from './replay.ts';

/** Noon, so that no case's hits (up to three hours old) hold a midnight. */
const noon = Date.UTC(2026, 10, 20, 12) / 1000;
const tokens = { token: 'a'.repeat(32), writeToken: 'b'.repeat(32), secureToken: 'c'.repeat(32) };

let collector: Collector;
let server: ContractServer;

beforeAll(async () => {
  collector = await startCollector({ ...tokens, now: () => noon * 1000 + 20 });
  server = { ...tokens, origin: collector.origin, now: () => noon, effects: collectorEffects(collector) };
});
afterAll(() => collector.close());

const { cases } = readContract();
for (const group of new Set(cases.map(one => one.group))) {
  describe(`contract: ${group}`, () => {
    for (const one of cases.filter(candidate => candidate.group === group)) {
      it(`${one.id}: ${one.why}`, async () => {
        expect(await replayCase(one, server)).toEqual([]);
      });
    }
  });
}
