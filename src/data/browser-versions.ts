// Written by scripts/refresh-browsers.mjs. Change that, not this.
// Shares: caniuse.com (CC BY 4.0) through caniuse-lite; releases: baseline-browser-mapping;
// Chromium builds: electron-to-chromium. Weights are relative to their own list.
/** The newest release that the shares know of; no version here is younger. */
export const browserVersionsAsOf = '2026-11-10';

export interface ChromiumVersion {
  readonly major: number;
  /** Full versions of it, all equally often. */
  readonly builds: readonly string[];
  readonly weight: number;
}

/** A browser built on Chromium, with the version of its own. */
export interface ChromiumCousin {
  readonly chromium: number;
  readonly chromiumBuild: string;
  /** As in the user agent. */
  readonly version: string;
  readonly build: string;
  readonly weight: number;
}

export interface Version {
  readonly version: string;
  readonly weight: number;
}

export const chromeOnComputers = [
  { major: 156, builds: ['156.0.8078.96', '156.0.8078.77', '156.0.8078.58'], weight: 12 },
  { major: 155, builds: ['155.0.8046.96', '155.0.8046.77'], weight: 30 },
  { major: 154, builds: ['154.0.8029.96'], weight: 27 },
  { major: 153, builds: ['153.0.8003.96'], weight: 4 },
  { major: 152, builds: ['152.0.7977.96'], weight: 3 },
  { major: 151, builds: ['151.0.7900.96'], weight: 8 },
  { major: 146, builds: ['146.0.7680.96'], weight: 9 },
  { major: 144, builds: ['144.0.7559.96'], weight: 2 },
  { major: 142, builds: ['142.0.7444.96'], weight: 2 },
] as const satisfies readonly ChromiumVersion[];

export const chromeOnAndroid = [
  { major: 157, builds: ['157.0.8103.102', '157.0.8103.81', '157.0.8103.59'], weight: 50 },
  { major: 156, builds: ['156.0.8078.102', '156.0.8078.81'], weight: 44 },
  { major: 155, builds: ['155.0.8046.102'], weight: 6 },
] as const satisfies readonly ChromiumVersion[];

export const chromeOnIos = [
  { version: '157.0.8103.65', weight: 50 },
  { version: '156.0.8078.65', weight: 44 },
  { version: '155.0.8046.65', weight: 6 },
] as const satisfies readonly Version[];

export const edgeVersions = [
  { chromium: 156, chromiumBuild: '156.0.8078.96', version: '156.0.0.0', build: '156.0.4250.61', weight: 18 },
  { chromium: 155, chromiumBuild: '155.0.8046.96', version: '155.0.0.0', build: '155.0.4217.61', weight: 42 },
  { chromium: 154, chromiumBuild: '154.0.8029.96', version: '154.0.0.0', build: '154.0.4199.61', weight: 32 },
  { chromium: 153, chromiumBuild: '153.0.8003.96', version: '153.0.0.0', build: '153.0.4172.61', weight: 3 },
] as const satisfies readonly ChromiumCousin[];

export const operaVersions = [
  { chromium: 154, chromiumBuild: '154.0.8029.96', version: '138.0.0.0', build: '138.0.6300.27', weight: 9 },
  { chromium: 153, chromiumBuild: '153.0.8003.96', version: '137.0.0.0', build: '137.0.6257.27', weight: 24 },
  { chromium: 152, chromiumBuild: '152.0.7977.96', version: '136.0.0.0', build: '136.0.6215.27', weight: 64 },
  { chromium: 151, chromiumBuild: '151.0.7900.96', version: '135.0.0.0', build: '135.0.6172.27', weight: 3 },
] as const satisfies readonly ChromiumCousin[];

export const operaOnAndroidVersions = [
  {
    chromium: 154,
    chromiumBuild: '154.0.8029.96',
    version: '103.0.0.0',
    build: '103.1.5464.81042',
    weight: 88,
  },
  {
    chromium: 152,
    chromiumBuild: '152.0.7977.96',
    version: '102.0.0.0',
    build: '102.1.5410.81042',
    weight: 12,
  },
] as const satisfies readonly ChromiumCousin[];

export const samsungInternetVersions = [
  { chromium: 143, chromiumBuild: '143.0.7499.96', version: '30.0', build: '30.0.1.28', weight: 86 },
  { chromium: 136, chromiumBuild: '136.0.7103.96', version: '29.0', build: '29.0.1.28', weight: 5 },
  { chromium: 130, chromiumBuild: '130.0.6723.96', version: '28.0', build: '28.0.1.28', weight: 4 },
  { chromium: 122, chromiumBuild: '122.0.6261.96', version: '26.0', build: '26.0.1.28', weight: 2 },
] as const satisfies readonly ChromiumCousin[];

export const firefoxVersions = [
  { version: '159.0', weight: 6 },
  { version: '158.0', weight: 35 },
  { version: '157.0', weight: 35 },
  { version: '156.0', weight: 5 },
  { version: '153.0', weight: 2 },
  { version: '140.0', weight: 4 },
] as const satisfies readonly Version[];

export const firefoxOnAndroidVersions = [
  { version: '159.0', weight: 75 },
  { version: '158.0', weight: 23 },
] as const satisfies readonly Version[];

export const safariVersions = [
  { version: '27.0', weight: 14 },
  { version: '26.6', weight: 36 },
  { version: '26.5', weight: 7 },
  { version: '26.4', weight: 2 },
  { version: '26.3', weight: 2 },
  { version: '18.7', weight: 9 },
  { version: '17.6', weight: 8 },
  { version: '17.5', weight: 2 },
  { version: '17.4', weight: 2 },
  { version: '17.1', weight: 4 },
  { version: '16.6', weight: 5 },
] as const satisfies readonly Version[];

export const iosVersions = [
  { version: '27.0', weight: 17 },
  { version: '26.6', weight: 47 },
  { version: '26.5', weight: 8 },
  { version: '26.3', weight: 2 },
  { version: '26.2', weight: 2 },
  { version: '18.7', weight: 13 },
  { version: '16.7', weight: 2 },
] as const satisfies readonly Version[];
