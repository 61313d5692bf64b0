import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type BrowserProfile, browserProfiles } from '../../src/traffic/browser-profiles.ts';
import { brandList } from '../../src/traffic/client-hints.ts';

interface Seen {
  readonly client: { readonly name?: string; readonly version?: string };
  readonly os: { readonly name?: string; readonly version?: string };
  readonly device: { readonly type?: string };
}

interface Detector {
  detect(userAgent: string, hints: object): Seen;
  parseBot(userAgent: string, hints: object): object;
}

// The port of Matomo's device detector is CommonJS, and its types say it were not.
const load = createRequire(import.meta.url);
const DeviceDetector: new (options: object) => Detector = load('node-device-detector');
const ClientHints: new () => { parse(hints: object, meta: object): object } = load(
  'node-device-detector/client-hints',
);

/** Faster, with the same answers. */
const indexed = { clientIndexes: true, deviceIndexes: true, osIndexes: true };

const profiles = browserProfiles();
const shareOf = (wanted: (profile: BrowserProfile) => boolean): number =>
  profiles.filter(wanted).reduce((sum, profile) => sum + profile.weight, 0);

describe('browser profiles', () => {
  it('are seen by the device detector as what they are, and never as a bot', () => {
    const detector = new DeviceDetector(indexed);
    const hints = new ClientHints();
    const wrong: unknown[] = [];
    // What differs only in its screen is the same to the detector.
    const distinct = new Map(profiles.map(profile => [profile.userAgent + profile.clientHints, profile]));
    for (const profile of distinct.values()) {
      const parsed = hints.parse(profile.clientHints === '' ? {} : JSON.parse(profile.clientHints), {});
      const seen = detector.detect(profile.userAgent, parsed);
      const told = `${profile.browser} on ${profile.os}, ${profile.deviceType}`;
      const found = `${seen.client.name} on ${seen.os.name}, ${seen.device.type}`;
      if (told !== found) wrong.push({ told, found, profile });
    }
    for (const userAgent of new Set(profiles.map(profile => profile.userAgent))) {
      const bot = detector.parseBot(userAgent, {});
      if (Object.keys(bot).length > 0) wrong.push({ bot, userAgent });
    }
    expect(wrong).toEqual([]);
  });

  it('tell the full version and the real system in their client hints', () => {
    const detector = new DeviceDetector(indexed);
    const hints = new ClientHints();
    const onWindows11 = profiles.find(({ clientHints }) =>
      clientHints.includes('"platformVersion":"19.0.0"'),
    );
    if (onWindows11 === undefined) throw new Error('no Windows 11');
    const seen = detector.detect(onWindows11.userAgent, hints.parse(JSON.parse(onWindows11.clientHints), {}));

    expect(onWindows11.userAgent).toContain('Windows NT 10.0');
    expect(seen.os.version).toBe('11');
    expect(seen.client.version).toMatch(/^\d+\.0\.\d{4,5}\.\d+$/);
  });

  it('never have a word that Matomo takes for a robot', () => {
    for (const { userAgent, clientHints } of profiles) {
      expect(userAgent + clientHints).not.toMatch(
        /bot|crawl|spider|monitor|script|fetch|proxy|headless|curl/i,
      );
    }
  });

  it('send client hints as matomo.js does, from browsers on Chromium and from no other', () => {
    for (const { userAgent, clientHints, deviceType } of profiles) {
      expect(clientHints !== '').toBe(userAgent.includes(' Chrome/'));
      if (clientHints === '') continue;
      const told = JSON.parse(clientHints);
      expect(Object.keys(told)).toEqual([
        'formFactors',
        'fullVersionList',
        'mobile',
        'model',
        'platform',
        'platformVersion',
      ]);
      expect(told.mobile).toBe(deviceType === 'smartphone');
      expect(told.model !== '').toBe(deviceType !== 'desktop');
      expect(told.fullVersionList).toHaveLength(3);
    }
  });

  it('have a screen that fits the device, in nine characters at most', () => {
    for (const { resolution, deviceType } of profiles) {
      expect(resolution).toMatch(/^\d{3,4}x\d{3,4}$/);
      expect(resolution.length).toBeLessThanOrEqual(9);
      const [width = 0, height = 0] = resolution.split('x').map(Number);
      expect(width > height).toBe(deviceType === 'desktop');
      if (deviceType === 'smartphone') expect(width).toBeLessThanOrEqual(440);
      if (deviceType === 'tablet') expect(width).toBeGreaterThanOrEqual(600);
    }
  });

  it('come in the shares of the real world, and add up to all', () => {
    expect(shareOf(() => true)).toBeCloseTo(100);
    expect(shareOf(({ deviceType }) => deviceType === 'desktop')).toBeCloseTo(55);
    expect(shareOf(({ deviceType }) => deviceType === 'smartphone')).toBeCloseTo(42);
    expect(shareOf(({ deviceType }) => deviceType === 'tablet')).toBeCloseTo(3);
    expect(shareOf(({ browser }) => browser.startsWith('Chrome'))).toBeGreaterThan(50);
    expect(shareOf(({ browser }) => browser.includes('Safari'))).toBeGreaterThan(15);
    expect(shareOf(({ browser }) => browser === 'Microsoft Edge')).toBeGreaterThan(7);
    expect(shareOf(({ browser }) => browser.startsWith('Firefox'))).toBeGreaterThan(5);
  });

  it('are hundreds of distinct ones, told apart by more than their screens', () => {
    const fingerprints = new Set(profiles.map(({ userAgent, clientHints }) => userAgent + clientHints));
    expect(profiles.length).toBeGreaterThan(800);
    expect(fingerprints.size).toBeGreaterThan(400);
  });
});

describe('the brand list', () => {
  /** As these releases sent it in `Sec-CH-UA`. */
  it.each([
    [120, 'Not_A Brand 8', 'Chromium 120', 'Google Chrome 120'],
    [124, 'Chromium 124', 'Google Chrome 124', 'Not-A.Brand 99'],
    [131, 'Google Chrome 131', 'Chromium 131', 'Not_A Brand 24'],
  ])('of Chrome %i is in its order, with its made-up brand', (major, ...brands) => {
    const list = brandList(major, 'Google Chrome', `${major}.0.1.2`, `${major}.0.1.2`);
    expect(list.map(({ brand, version }) => `${brand} ${version.split('.')[0]}`)).toEqual(brands);
  });
});
