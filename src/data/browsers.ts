/**
 * A table of our own: systems, devices and screens as of November 2026, and how visitors divide among them.
 * Shares lean to what European sites see: more iPhones and Firefox than the world has. Every weight is
 * relative to its own list. Versions of browsers are in browser-versions.ts, which a script refreshes.
 */

/** Share of all visitors. */
export const deviceTypeShares = { desktop: 55, smartphone: 42, tablet: 3 } as const;

export interface Computer {
  /** As Matomo names the system. */
  readonly os: 'Windows' | 'Mac' | 'GNU/Linux' | 'Chrome OS';
  /** In the user agents of Chromium's family. */
  readonly chromiumAgent: string;
  /** In Firefox's user agents; '' where there is no Firefox. */
  readonly firefoxAgent: string;
  /** In client hints. */
  readonly platform: string;
  readonly platformVersion: string;
  readonly weight: number;
}

/** Windows 11 tells 13 and more as its platform version, in the user agent it is still 10. */
export const computers = [
  {
    os: 'Windows',
    chromiumAgent: 'Windows NT 10.0; Win64; x64',
    firefoxAgent: 'Windows NT 10.0; Win64; x64',
    platform: 'Windows',
    platformVersion: '19.0.0',
    weight: 46,
  },
  {
    os: 'Windows',
    chromiumAgent: 'Windows NT 10.0; Win64; x64',
    firefoxAgent: 'Windows NT 10.0; Win64; x64',
    platform: 'Windows',
    platformVersion: '10.0.0',
    weight: 27,
  },
  {
    os: 'Mac',
    chromiumAgent: 'Macintosh; Intel Mac OS X 10_15_7',
    firefoxAgent: 'Macintosh; Intel Mac OS X 10.15',
    platform: 'macOS',
    platformVersion: '26.6.0',
    weight: 12,
  },
  {
    os: 'Mac',
    chromiumAgent: 'Macintosh; Intel Mac OS X 10_15_7',
    firefoxAgent: 'Macintosh; Intel Mac OS X 10.15',
    platform: 'macOS',
    platformVersion: '15.7.2',
    weight: 7,
  },
  {
    os: 'GNU/Linux',
    chromiumAgent: 'X11; Linux x86_64',
    firefoxAgent: 'X11; Linux x86_64',
    platform: 'Linux',
    platformVersion: '6.17.0',
    weight: 5,
  },
  {
    os: 'Chrome OS',
    chromiumAgent: 'X11; CrOS x86_64 14541.0.0',
    firefoxAgent: '',
    platform: 'Chrome OS',
    platformVersion: '16463.50.0',
    weight: 3,
  },
] as const satisfies readonly Computer[];

/** Share of each browser among the visitors of a system; Safari is the rest on a Mac. */
export const computerBrowsers = {
  Windows: { Chrome: 67, 'Microsoft Edge': 20, Firefox: 9, Opera: 4, Safari: 0 },
  Mac: { Chrome: 50, 'Microsoft Edge': 4, Firefox: 6, Opera: 1, Safari: 39 },
  'GNU/Linux': { Chrome: 60, 'Microsoft Edge': 0, Firefox: 39, Opera: 1, Safari: 0 },
  'Chrome OS': { Chrome: 100, 'Microsoft Edge': 0, Firefox: 0, Opera: 0, Safari: 0 },
} as const satisfies Record<Computer['os'], Record<string, number>>;

export interface Screen {
  /** CSS pixels, as `screen.width` × `screen.height` say. */
  readonly resolution: string;
  readonly weight: number;
}

export const computerScreens = {
  Windows: [
    { resolution: '1920x1080', weight: 46 },
    { resolution: '1536x864', weight: 20 },
    { resolution: '2560x1440', weight: 12 },
    { resolution: '1366x768', weight: 8 },
    { resolution: '1920x1200', weight: 6 },
    { resolution: '1280x720', weight: 4 },
    { resolution: '3440x1440', weight: 4 },
  ],
  Mac: [
    { resolution: '1440x900', weight: 24 },
    { resolution: '1470x956', weight: 22 },
    { resolution: '1512x982', weight: 20 },
    { resolution: '1728x1117', weight: 14 },
    { resolution: '1920x1080', weight: 10 },
    { resolution: '2560x1440', weight: 10 },
  ],
  'GNU/Linux': [
    { resolution: '1920x1080', weight: 62 },
    { resolution: '2560x1440', weight: 24 },
    { resolution: '1920x1200', weight: 14 },
  ],
  'Chrome OS': [
    { resolution: '1366x768', weight: 60 },
    { resolution: '1536x864', weight: 20 },
    { resolution: '1920x1080', weight: 20 },
  ],
} as const satisfies Record<Computer['os'], readonly Screen[]>;

/** Share of each browser among phones; iPhones together 36. */
export const phoneBrowsers = {
  chromeOnAndroid: 52,
  samsungInternet: 6,
  operaOnAndroid: 3,
  edgeOnAndroid: 1,
  firefoxOnAndroid: 2,
  safari: 31,
  chromeOnIos: 4,
  firefoxOnIos: 1,
} as const;

export interface AndroidDevice {
  /** The `model` of client hints. */
  readonly model: string;
  /** The Android version it has by now; `platformVersion` adds '.0.0'. */
  readonly android: number;
  readonly resolution: string;
  readonly weight: number;
}

/** Only models that Matomo calls smartphones: it has some large ones as phablets. */
export const androidPhones = [
  { model: 'SM-S938B', android: 16, resolution: '384x832', weight: 6 },
  { model: 'SM-S931B', android: 16, resolution: '360x780', weight: 6 },
  { model: 'SM-S928B', android: 16, resolution: '384x824', weight: 5 },
  { model: 'SM-S921B', android: 16, resolution: '360x780', weight: 5 },
  { model: 'SM-S911B', android: 16, resolution: '360x780', weight: 4 },
  { model: 'SM-G991B', android: 15, resolution: '360x800', weight: 3 },
  { model: 'SM-A566B', android: 16, resolution: '384x832', weight: 6 },
  { model: 'SM-A556B', android: 16, resolution: '384x832', weight: 6 },
  { model: 'SM-A546B', android: 16, resolution: '384x854', weight: 5 },
  { model: 'SM-A366B', android: 16, resolution: '384x832', weight: 4 },
  { model: 'SM-A256B', android: 15, resolution: '384x854', weight: 3 },
  { model: 'SM-A166B', android: 15, resolution: '384x832', weight: 6 },
  { model: 'SM-A165F', android: 15, resolution: '384x832', weight: 4 },
  { model: 'SM-A156B', android: 15, resolution: '384x854', weight: 4 },
  { model: 'SM-A057F', android: 15, resolution: '384x854', weight: 2 },
  { model: 'Pixel 10', android: 16, resolution: '412x923', weight: 3 },
  { model: 'Pixel 9', android: 16, resolution: '412x923', weight: 3 },
  { model: 'Pixel 9a', android: 16, resolution: '412x923', weight: 2 },
  { model: 'Pixel 8', android: 16, resolution: '412x915', weight: 2 },
  { model: 'Pixel 7a', android: 16, resolution: '412x915', weight: 2 },
  { model: '2306EPN60G', android: 15, resolution: '407x904', weight: 3 },
  { model: '2409BRN2CA', android: 15, resolution: '360x820', weight: 3 },
  { model: '23100RN82L', android: 14, resolution: '360x800', weight: 3 },
  { model: 'CPH2663', android: 16, resolution: '412x924', weight: 2 },
  { model: 'CPH2581', android: 16, resolution: '412x919', weight: 2 },
  { model: 'CPH2565', android: 14, resolution: '360x800', weight: 2 },
  { model: 'CPH2591', android: 14, resolution: '360x806', weight: 1 },
  { model: 'V2318', android: 15, resolution: '360x800', weight: 1 },
  { model: 'V2247', android: 14, resolution: '393x873', weight: 1 },
  { model: 'moto g84 5G', android: 14, resolution: '412x915', weight: 2 },
  { model: 'moto g54 5G', android: 14, resolution: '412x915', weight: 2 },
  { model: 'moto g15', android: 15, resolution: '412x915', weight: 1 },
  { model: 'RMX3771', android: 15, resolution: '360x800', weight: 1 },
  { model: 'RMX3834', android: 13, resolution: '360x800', weight: 1 },
  { model: 'TECNO KJ5', android: 13, resolution: '360x806', weight: 1 },
  { model: 'Infinix X6525', android: 13, resolution: '360x806', weight: 1 },
  { model: 'XQ-DQ54', android: 15, resolution: '411x960', weight: 1 },
] as const satisfies readonly AndroidDevice[];

/** Only models that Matomo has known as tablets since 5.2: the port of its detector takes unknown ones for phones. */
export const androidTablets = [
  { model: 'SM-X216B', android: 16, resolution: '800x1280', weight: 8 },
  { model: 'SM-X200', android: 14, resolution: '800x1280', weight: 7 },
  { model: 'SM-X205', android: 14, resolution: '800x1280', weight: 4 },
  { model: 'SM-X716B', android: 16, resolution: '753x1205', weight: 4 },
  { model: 'SM-X706B', android: 16, resolution: '800x1280', weight: 4 },
  { model: 'SM-X700', android: 16, resolution: '800x1280', weight: 3 },
  { model: 'SM-T225', android: 14, resolution: '800x1340', weight: 4 },
  { model: 'SM-P613', android: 14, resolution: '800x1333', weight: 3 },
  { model: 'TB350FU', android: 14, resolution: '800x1333', weight: 4 },
  { model: 'TB310FU', android: 14, resolution: '800x1340', weight: 4 },
  { model: '23073RPBFG', android: 15, resolution: '800x1280', weight: 3 },
  { model: '22081283G', android: 14, resolution: '800x1333', weight: 2 },
  { model: 'Pixel Tablet', android: 16, resolution: '800x1280', weight: 2 },
] as const satisfies readonly AndroidDevice[];

export const iphoneScreens = [
  { resolution: '390x844', weight: 26 },
  { resolution: '393x852', weight: 28 },
  { resolution: '402x874', weight: 14 },
  { resolution: '430x932', weight: 13 },
  { resolution: '440x956', weight: 8 },
  { resolution: '375x812', weight: 6 },
  { resolution: '375x667', weight: 5 },
] as const satisfies readonly Screen[];

/** Tablets: large iPads call themselves Macs and are counted with those; the small ones say iPad. */
export const tabletBrowsers = { ipadSafari: 45, chromeOnAndroid: 45, samsungInternet: 10 } as const;

export const ipadScreens = [
  { resolution: '744x1133', weight: 40 },
  { resolution: '768x1024', weight: 25 },
  { resolution: '810x1080', weight: 20 },
  { resolution: '820x1180', weight: 15 },
] as const satisfies readonly Screen[];
