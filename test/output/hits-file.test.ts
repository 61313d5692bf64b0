import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HitsFile } from '../../src/output/hits-file.ts';
import type { HitRecord } from '../../src/run/hit-log.ts';
import { until } from '../support/until.ts';

const hit: HitRecord = {
  index: 0,
  hit: 0,
  target: 'a',
  type: 'pageview',
  dueMs: 0,
  sentMs: 0,
  answeredMs: 1,
  latencyMs: 1,
  outcome: 'accepted',
  error: null,
  params: { url: 'https://shop.example/' },
};

it.skipIf(!existsSync('/dev/full'))('a disk that fills is told of at once, and once', async () => {
  const told: string[] = [];
  const file = new HitsFile('/dev/full');
  file.whenBroken(message => told.push(message));
  file.start();
  const addMany = () => {
    for (let at = 0; at < 1000; at++) file.add(hit);
  };
  addMany();
  await until(() => told.length > 0);
  addMany();
  await expect(file.finish()).rejects.toMatchObject({ code: 'REPORT_NOT_WRITTEN' });
  expect(told).toEqual(['cannot write all hits to /dev/full: the disk is full; the run goes on without it']);
});
