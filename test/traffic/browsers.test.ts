import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { getAllVersions } from 'baseline-browser-mapping';
import { describe, expect, it } from 'vitest';
import { browserVersionsAsOf } from '../../src/data/browser-versions.ts';
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
/** What differs only in its screen is the same to the detector. */
const distinct = [
  ...new Map(profiles.map(profile => [profile.userAgent + profile.clientHints, profile])).values(),
];

const majorOf = (version = ''): number => Number.parseInt(version, 10);

/** What a user agent calls the browser, and the name browser data have for it; the first that is found counts. */
const tokens = [
  ['SamsungBrowser', 'samsunginternet_android'],
  ['OPR', 'opera'],
  ['EdgA', 'edge'],
  ['Edg', 'edge'],
  ['CriOS', 'chrome'],
  ['FxiOS', 'firefox_android'],
  ['Firefox', 'firefox'],
  ['Version', 'safari'],
  ['Chrome', 'chrome'],
] as const;

function ownVersion({ userAgent, os }: BrowserProfile): { browser: string; version: string } {
  for (const [token, name] of tokens) {
    const version = new RegExp(`${token}/([\\d.]+)`).exec(userAgent)?.[1];
    if (version === undefined) continue;
    const onAndroid = os === 'Android' && (name === 'opera' || name === 'firefox');
    return { browser: onAndroid ? `${name}_android` : name, version };
  }
  throw new Error(`no browser in ${userAgent}`);
}
/** Those that the detector takes for something else, or for another version. */
function seenOtherwise(rows: readonly BrowserProfile[], hintsOf: (profile: BrowserProfile) => object) {
  const detector = new DeviceDetector(indexed);
  return rows.flatMap(profile => {
    const seen = detector.detect(profile.userAgent, hintsOf(profile));
    const found = `${seen.client.name} ${majorOf(seen.client.version)} on ${seen.os.name}, ${seen.device.type}`;
    const planned = `${profile.browser} ${majorOf(ownVersion(profile).version)} on ${profile.os}, ${profile.deviceType}`;
    return planned === found ? [] : [{ planned, found, profile }];
  });
}

const byNumber = new Intl.Collator('en', { numeric: true });
const versions = getAllVersions({ includeDownstreamBrowsers: true, suppressWarnings: true });
const releases = Array.isArray(versions) ? versions : [];

/** When a version came out, or the one before it that the data know. */
function releaseDay(browser: string, version: string): number {
  const known = releases
    .filter(row => row.browser === browser && byNumber.compare(row.version, version) <= 0)
    .sort((a, b) => byNumber.compare(b.version, a.version));
  return Date.parse(known[0]?.release_date ?? '');
}

const shareOf = (wanted: (profile: BrowserProfile) => boolean): number =>
  profiles.filter(wanted).reduce((sum, profile) => sum + profile.weight, 0);

describe('browser profiles', () => {
  // A detector takes its time over each: slow on a busy machine.
  it('are seen by the device detector as what they are', { timeout: 120_000 }, () => {
    const hints = new ClientHints();
    expect(
      seenOtherwise(distinct, ({ clientHints }) =>
        clientHints === '' ? {} : hints.parse(JSON.parse(clientHints), {}),
      ),
    ).toEqual([]);
  });

  // A server can be told to leave client hints alone.
  it('say the same by their user agent alone, and are never a bot', { timeout: 120_000 }, () => {
    const agents = [...new Map(profiles.map(profile => [profile.userAgent, profile])).values()];
    expect(seenOtherwise(agents, () => ({}))).toEqual([]);
    const detector = new DeviceDetector(indexed);
    const bots = agents.filter(({ userAgent }) => Object.keys(detector.parseBot(userAgent, {})).length > 0);
    expect(bots).toEqual([]);
  });

  it('have versions that were out on the day of their table, and of no browser only old ones', () => {
    expect(browserVersionsAsOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    const asOf = Date.parse(browserVersionsAsOf);
    const newest = new Map<string, number>();
    for (const profile of distinct) {
      const { browser, version } = ownVersion(profile);
      const releasedOn = releaseDay(browser, version);
      expect(releasedOn, `${browser} ${version}`).toBeLessThanOrEqual(asOf);
      newest.set(browser, Math.max(newest.get(browser) ?? 0, releasedOn));
    }
    expect(newest.size).toBe(8);
    for (const [browser, releasedOn] of newest) {
      // Samsung's comes out twice a year, and is slow to spread.
      const daysBehind = browser === 'samsunginternet_android' ? 300 : 90;
      expect((asOf - releasedOn) / 86_400_000, browser).toBeLessThan(daysBehind);
    }
  });

  it('come from the table that the script makes of the installed data', () => {
    const script = fileURLToPath(new URL('../../scripts/refresh-browsers.mjs', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
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
