/**
 * Browsers, systems and devices as of November 2026.
 *
 * Versions and their shares: caniuse-lite's global usage of that month and the release dates of
 * browser-compat-data; older versions below 1 % are left out. Chromium's build numbers are those of its
 * releases, Edge's and Opera's own build numbers are near them. Shares of browsers and systems lean to what
 * European sites see: more iPhones and Firefox than the world has. Every weight is relative to its own list.
 */
export const browsersAsOf = '2026-11';

/** Share of all visitors. */
export const deviceTypeShares = { desktop: 55, smartphone: 42, tablet: 3 } as const;

export interface ChromiumVersion {
  readonly major: number;
  /** Full versions seen of it, all equally often. */
  readonly builds: readonly string[];
  readonly weight: number;
}

/** Computers follow releases over some weeks. */
export const chromeOnComputers = [
  { major: 157, builds: ['157.0.8097.60', '157.0.8097.82', '157.0.8097.103'], weight: 30 },
  { major: 156, builds: ['156.0.8078.75', '156.0.8078.96', '156.0.8078.100'], weight: 24 },
  { major: 155, builds: ['155.0.8046.58', '155.0.8046.91'], weight: 22 },
  { major: 154, builds: ['154.0.8029.49', '154.0.8029.77'], weight: 12 },
  { major: 152, builds: ['152.0.7977.130', '152.0.7977.167'], weight: 4 },
  { major: 151, builds: ['151.0.7900.112'], weight: 3 },
  { major: 150, builds: ['150.0.7871.129', '150.0.7871.224'], weight: 2 },
  { major: 146, builds: ['146.0.7680.188'], weight: 3 },
] as const satisfies readonly ChromiumVersion[];

/** Phones and tablets are updated by the Play Store within days. */
export const chromeOnAndroid = [
  { major: 157, builds: ['157.0.8097.59', '157.0.8097.81', '157.0.8097.102'], weight: 72 },
  { major: 156, builds: ['156.0.8078.80', '156.0.8078.97'], weight: 18 },
  { major: 155, builds: ['155.0.8046.57'], weight: 6 },
  { major: 152, builds: ['152.0.7977.149'], weight: 4 },
] as const satisfies readonly ChromiumVersion[];

/** A browser built on Chromium, with the version of its own. */
export interface ChromiumCousin {
  readonly chromium: number;
  readonly chromiumBuild: string;
  /** As in the user agent. */
  readonly version: string;
  readonly build: string;
  readonly weight: number;
}

export const edgeVersions = [
  { chromium: 157, chromiumBuild: '157.0.8097.82', version: '157.0.0.0', build: '157.0.4288.47', weight: 22 },
  { chromium: 156, chromiumBuild: '156.0.8078.96', version: '156.0.0.0', build: '156.0.4269.55', weight: 24 },
  { chromium: 155, chromiumBuild: '155.0.8046.91', version: '155.0.0.0', build: '155.0.4237.61', weight: 30 },
  { chromium: 154, chromiumBuild: '154.0.8029.77', version: '154.0.0.0', build: '154.0.4220.52', weight: 20 },
  { chromium: 152, chromiumBuild: '152.0.7977.167', version: '152.0.0.0', build: '152.0.4168.70', weight: 4 },
] as const satisfies readonly ChromiumCousin[];

export const operaVersions = [
  { chromium: 154, chromiumBuild: '154.0.8029.49', version: '138.0.0.0', build: '138.0.5960.27', weight: 30 },
  {
    chromium: 152,
    chromiumBuild: '152.0.7977.130',
    version: '137.0.0.0',
    build: '137.0.5931.44',
    weight: 40,
  },
  {
    chromium: 151,
    chromiumBuild: '151.0.7900.112',
    version: '136.0.0.0',
    build: '136.0.5902.38',
    weight: 30,
  },
] as const satisfies readonly ChromiumCousin[];

export const operaOnAndroidVersions = [
  {
    chromium: 155,
    chromiumBuild: '155.0.8046.57',
    version: '103.0.0.0',
    build: '103.1.5462.81042',
    weight: 60,
  },
  {
    chromium: 154,
    chromiumBuild: '154.0.8029.49',
    version: '102.0.0.0',
    build: '102.0.5414.80702',
    weight: 40,
  },
] as const satisfies readonly ChromiumCousin[];

export const samsungInternetVersions = [
  { chromium: 144, chromiumBuild: '144.0.7559.177', version: '30.0', build: '30.0.1.28', weight: 86 },
  { chromium: 136, chromiumBuild: '136.0.7103.125', version: '29.0', build: '29.0.3.27', weight: 8 },
  { chromium: 130, chromiumBuild: '130.0.6723.102', version: '28.0', build: '28.0.6.15', weight: 6 },
] as const satisfies readonly ChromiumCousin[];

export interface Version {
  readonly version: string;
  readonly weight: number;
}

export const firefoxVersions = [
  { version: '160.0', weight: 34 },
  { version: '159.0', weight: 26 },
  { version: '158.0', weight: 22 },
  { version: '157.0', weight: 10 },
  { version: '140.0', weight: 8 },
] as const satisfies readonly Version[];

/** Safari on a Mac. Its system is always told as 10.15.7. */
export const safariVersions = [
  { version: '27.2', weight: 16 },
  { version: '27.1', weight: 9 },
  { version: '26.6', weight: 42 },
  { version: '26.5', weight: 9 },
  { version: '18.6', weight: 14 },
  { version: '17.6', weight: 10 },
] as const satisfies readonly Version[];

export interface IosVersion extends Version {
  /** The system as the user agent tells it: since Safari 26 it stands still at 18.7. */
  readonly system: string;
}

export const iosVersions = [
  { version: '27.2', system: '18_7', weight: 6 },
  { version: '27.1', system: '18_7', weight: 12 },
  { version: '26.6', system: '18_7', weight: 50 },
  { version: '26.5', system: '18_7', weight: 9 },
  { version: '26.3', system: '18_7', weight: 4 },
  { version: '18.6', system: '18_6', weight: 14 },
  { version: '17.6', system: '17_6_1', weight: 3 },
  { version: '16.6', system: '16_6', weight: 2 },
] as const satisfies readonly IosVersion[];

/** Chrome and Firefox on an iPhone; they tell the real system. */
export const chromeOnIos = [
  { version: '157.0.8097.65', weight: 60 },
  { version: '156.0.8078.88', weight: 30 },
  { version: '154.0.8029.61', weight: 10 },
] as const satisfies readonly Version[];

export const firefoxOnIos = [
  { version: '160.0', weight: 70 },
  { version: '159.1', weight: 30 },
] as const satisfies readonly Version[];

/** Two of the systems below, where a browser on iOS tells the real one. */
export const realIosSystems = ['26_6', '27_1'] as const;

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

export const androidTablets = [
  { model: 'SM-X210', android: 16, resolution: '800x1280', weight: 9 },
  { model: 'SM-X216B', android: 16, resolution: '800x1280', weight: 5 },
  { model: 'SM-X510', android: 16, resolution: '753x1205', weight: 5 },
  { model: 'SM-X710', android: 16, resolution: '753x1205', weight: 4 },
  { model: 'SM-X110', android: 16, resolution: '601x962', weight: 4 },
  { model: 'TB330FU', android: 15, resolution: '800x1280', weight: 4 },
  { model: 'Pixel Tablet', android: 16, resolution: '800x1280', weight: 2 },
  { model: '23073RPBFG', android: 15, resolution: '800x1280', weight: 3 },
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
