import {
  type ChromiumCousin,
  chromeOnAndroid,
  chromeOnComputers,
  chromeOnIos,
  edgeVersions,
  firefoxOnAndroidVersions,
  firefoxVersions,
  iosVersions,
  operaOnAndroidVersions,
  operaVersions,
  safariVersions,
  samsungInternetVersions,
  type Version,
} from '../data/browser-versions.ts';
import {
  type AndroidDevice,
  androidPhones,
  androidTablets,
  type Computer,
  computerBrowsers,
  computerScreens,
  computers,
  deviceTypeShares,
  ipadScreens,
  iphoneScreens,
  phoneBrowsers,
  type Screen,
  tabletBrowsers,
} from '../data/browsers.ts';
import { type Brand, brandList, clientHints } from './client-hints.ts';

export type DeviceType = 'desktop' | 'smartphone' | 'tablet';

/** A browser on a device, as a visitor comes with it. */
export interface BrowserProfile {
  readonly userAgent: string;
  /** JSON for `uadata`, the keys matomo.js sends in their order; '' where the browser has no client hints. */
  readonly clientHints: string;
  readonly deviceType: DeviceType;
  /** As Matomo's device detector names it. */
  readonly browser: string;
  /** As Matomo's device detector names it. */
  readonly os: string;
  /** Width × height in CSS pixels, for example `1920x1080`. */
  readonly resolution: string;
  /** Browsers of Apple tell one language, the others a list. */
  readonly languageList: boolean;
  /** Share of all visitors; the shares of all profiles add up to 100. */
  readonly weight: number;
}

/** While it is being built. */
type Unscaled = Omit<BrowserProfile, 'weight'> & { weight: number };

type Kind = Pick<BrowserProfile, 'userAgent' | 'clientHints' | 'browser' | 'os' | 'languageList'>;

/** Every browser on every device it is used on. Built once, when first needed. */
export function browserProfiles(): readonly BrowserProfile[] {
  profiles ??= [
    ...toShare(deviceTypeShares.desktop, onComputers()),
    ...toShare(deviceTypeShares.smartphone, onPhones()),
    ...toShare(deviceTypeShares.tablet, onTablets()),
  ];
  return profiles;
}

let profiles: readonly BrowserProfile[] | undefined;

/** Scales the weights of these very rows, so that they add up to `share`. */
function toShare(share: number, rows: Unscaled[]): Unscaled[] {
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  for (const row of rows) row.weight = (row.weight * share) / total;
  return rows;
}

function onComputers(): Unscaled[] {
  return computers.flatMap(computer => {
    const shares = computerBrowsers[computer.os];
    return [
      ...toShare(computer.weight * shares.Chrome, chromeProfiles(computer)),
      ...toShare(computer.weight * shares['Microsoft Edge'], cousinProfiles(computer, edge)),
      ...toShare(computer.weight * shares.Firefox, firefoxProfiles(computer)),
      ...toShare(computer.weight * shares.Opera, cousinProfiles(computer, opera)),
      ...toShare(computer.weight * shares.Safari, safariProfiles(computer)),
    ].filter(profile => profile.weight > 0);
  });
}

function chromeProfiles(computer: Computer): Unscaled[] {
  return chromeOnComputers.flatMap(({ major, builds, weight }) =>
    builds.flatMap(build =>
      onScreens(computerScreens[computer.os], 'desktop', weight / builds.length, {
        userAgent: chromiumAgent(computer.chromiumAgent, `Chrome/${major}.0.0.0`),
        clientHints: clientHints(brandList(major, 'Google Chrome', build, build), {
          formFactor: 'Desktop',
          platform: computer.platform,
          platformVersion: computer.platformVersion,
        }),
        browser: 'Chrome',
        os: computer.os,
        languageList: true,
      }),
    ),
  );
}

interface Cousin {
  readonly browser: string;
  readonly brand: string;
  /** What stands before the version in the user agent. */
  readonly token: string;
  readonly versions: readonly ChromiumCousin[];
}

const edge: Cousin = {
  browser: 'Microsoft Edge',
  brand: 'Microsoft Edge',
  token: 'Edg',
  versions: edgeVersions,
};
const opera: Cousin = { browser: 'Opera', brand: 'Opera', token: 'OPR', versions: operaVersions };

function cousinProfiles(computer: Computer, cousin: Cousin): Unscaled[] {
  return cousin.versions.flatMap(({ chromium, chromiumBuild, version, build, weight }) =>
    onScreens(computerScreens[computer.os], 'desktop', weight, {
      userAgent: `${chromiumAgent(computer.chromiumAgent, `Chrome/${chromium}.0.0.0`)} ${cousin.token}/${version}`,
      clientHints: clientHints(brandList(chromium, cousin.brand, build, chromiumBuild), {
        formFactor: 'Desktop',
        platform: computer.platform,
        platformVersion: computer.platformVersion,
      }),
      browser: cousin.browser,
      os: computer.os,
      languageList: true,
    }),
  );
}

function firefoxProfiles(computer: Computer): Unscaled[] {
  return firefoxVersions.flatMap(({ version, weight }) =>
    onScreens(computerScreens[computer.os], 'desktop', weight, {
      userAgent: `Mozilla/5.0 (${computer.firefoxAgent}; rv:${version}) Gecko/20100101 Firefox/${version}`,
      clientHints: '',
      browser: 'Firefox',
      os: computer.os,
      languageList: true,
    }),
  );
}

function safariProfiles(computer: Computer): Unscaled[] {
  return safariVersions.flatMap(({ version, weight }) =>
    onScreens(computerScreens[computer.os], 'desktop', weight, {
      userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`,
      clientHints: '',
      browser: 'Safari',
      os: computer.os,
      languageList: false,
    }),
  );
}

function onPhones(): Unscaled[] {
  const samsungPhones = androidPhones.filter(isSamsung);
  return [
    ...toShare(phoneBrowsers.chromeOnAndroid, chromeOnAndroidProfiles(androidPhones, 'smartphone')),
    ...toShare(phoneBrowsers.samsungInternet, samsungInternetProfiles(samsungPhones, 'smartphone')),
    ...toShare(
      phoneBrowsers.operaOnAndroid,
      androidCousinProfiles('Opera Mobile', 'Opera', 'OPR', operaOnAndroidVersions),
    ),
    ...toShare(
      phoneBrowsers.edgeOnAndroid,
      androidCousinProfiles('Microsoft Edge', 'Microsoft Edge', 'EdgA', edgeVersions.slice(0, 2)),
    ),
    ...toShare(phoneBrowsers.firefoxOnAndroid, firefoxOnAndroidProfiles()),
    ...toShare(phoneBrowsers.safari, iosProfiles('iPhone', iphoneScreens, 'smartphone')),
    ...toShare(phoneBrowsers.chromeOnIos, otherIosProfiles('Chrome Mobile iOS', 'CriOS', chromeOnIos)),
    ...toShare(
      phoneBrowsers.firefoxOnIos,
      otherIosProfiles('Firefox Mobile iOS', 'FxiOS', firefoxOnAndroidVersions),
    ),
  ];
}

function onTablets(): Unscaled[] {
  const samsungTablets = androidTablets.filter(isSamsung);
  return [
    ...toShare(tabletBrowsers.ipadSafari, iosProfiles('iPad', ipadScreens, 'tablet')),
    ...toShare(tabletBrowsers.chromeOnAndroid, chromeOnAndroidProfiles(androidTablets, 'tablet')),
    ...toShare(tabletBrowsers.samsungInternet, samsungInternetProfiles(samsungTablets, 'tablet')),
  ];
}

function isSamsung(device: AndroidDevice): boolean {
  return device.model.startsWith('SM-');
}

/** Chrome tells every Android as 10 and every model as K; the truth is in the client hints. */
const reducedAndroid = 'Linux; Android 10; K';

function chromeOnAndroidProfiles(devices: readonly AndroidDevice[], deviceType: DeviceType): Unscaled[] {
  return devices.flatMap(device =>
    chromeOnAndroid.flatMap(({ major, builds, weight }) =>
      builds.map(build => ({
        userAgent: chromiumAgent(reducedAndroid, `Chrome/${major}.0.0.0`, deviceType === 'smartphone'),
        clientHints: androidHints(brandList(major, 'Google Chrome', build, build), device, deviceType),
        browser: deviceType === 'smartphone' ? 'Chrome Mobile' : 'Chrome',
        os: 'Android',
        deviceType,
        resolution: device.resolution,
        languageList: true,
        weight: (device.weight * weight) / builds.length,
      })),
    ),
  );
}

function samsungInternetProfiles(devices: readonly AndroidDevice[], deviceType: DeviceType): Unscaled[] {
  return devices.flatMap(device =>
    samsungInternetVersions.map(({ chromium, chromiumBuild, version, build, weight }) => ({
      userAgent: chromiumAgent(
        reducedAndroid,
        `SamsungBrowser/${version} Chrome/${chromium}.0.0.0`,
        deviceType === 'smartphone',
      ),
      clientHints: androidHints(
        brandList(chromium, 'Samsung Internet', build, chromiumBuild),
        device,
        deviceType,
      ),
      browser: 'Samsung Browser',
      os: 'Android',
      deviceType,
      resolution: device.resolution,
      languageList: true,
      weight: device.weight * weight,
    })),
  );
}

function androidCousinProfiles(
  browser: string,
  brand: string,
  token: string,
  versions: readonly ChromiumCousin[],
): Unscaled[] {
  return androidPhones.flatMap(device =>
    versions.map(({ chromium, chromiumBuild, version, build, weight }) => ({
      userAgent: `${chromiumAgent(reducedAndroid, `Chrome/${chromium}.0.0.0`, true)} ${token}/${version}`,
      clientHints: androidHints(brandList(chromium, brand, build, chromiumBuild), device, 'smartphone'),
      browser,
      os: 'Android',
      deviceType: 'smartphone' as const,
      resolution: device.resolution,
      languageList: true,
      weight: device.weight * weight,
    })),
  );
}

function firefoxOnAndroidProfiles(): Unscaled[] {
  return androidPhones.flatMap(device =>
    firefoxOnAndroidVersions.map(({ version, weight }) => ({
      userAgent: `Mozilla/5.0 (Android ${device.android}; Mobile; rv:${version}) Gecko/${version} Firefox/${version}`,
      clientHints: '',
      browser: 'Firefox Mobile',
      os: 'Android',
      deviceType: 'smartphone' as const,
      resolution: device.resolution,
      languageList: true,
      weight: device.weight * weight,
    })),
  );
}

function iosProfiles(
  device: 'iPhone' | 'iPad',
  screens: readonly Screen[],
  deviceType: DeviceType,
): Unscaled[] {
  const system = device === 'iPhone' ? 'CPU iPhone OS' : 'CPU OS';
  return iosVersions.flatMap(ios =>
    onScreens(screens, deviceType, ios.weight, {
      userAgent: `Mozilla/5.0 (${device}; ${system} ${iosSystem(ios.version)} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${ios.version} Mobile/15E148 Safari/604.1`,
      clientHints: '',
      browser: 'Mobile Safari',
      os: device === 'iPhone' ? 'iOS' : 'iPadOS',
      languageList: false,
    }),
  );
}

/** Since version 26 Safari tells the last system before it. */
function iosSystem(version: string): string {
  return Number.parseInt(version, 10) >= 26 ? '18_7' : version.replace('.', '_');
}

/** The oldest iOS that other browsers still come out for. */
const oldestIosOfOthers = 18;

/** Other browsers on iOS tell the real system. */
function otherIosProfiles(browser: string, token: string, versions: readonly Version[]): Unscaled[] {
  const systems = iosVersions.filter(({ version }) => Number.parseInt(version, 10) >= oldestIosOfOthers);
  return systems.flatMap(system =>
    versions.flatMap(({ version, weight }) =>
      onScreens(iphoneScreens, 'smartphone', weight * system.weight, {
        userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS ${system.version.replace('.', '_')} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${token}/${version} Mobile/15E148 Safari/604.1`,
        clientHints: '',
        browser,
        os: 'iOS',
        languageList: false,
      }),
    ),
  );
}

/** Nothing is spread, and the order is that of all profiles: V8 would keep each as a table, and a visit reads six of its parts. */
function onScreens(
  screens: readonly Screen[],
  deviceType: DeviceType,
  weight: number,
  { userAgent, clientHints, browser, os, languageList }: Kind,
): Unscaled[] {
  return screens.map(screen => ({
    userAgent,
    clientHints,
    browser,
    os,
    deviceType,
    resolution: screen.resolution,
    languageList,
    weight: weight * screen.weight,
  }));
}

function chromiumAgent(system: string, versions: string, mobile = false): string {
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) ${versions}${mobile ? ' Mobile' : ''} Safari/537.36`;
}

function androidHints(fullVersionList: Brand[], device: AndroidDevice, deviceType: DeviceType): string {
  return clientHints(fullVersionList, {
    formFactor: deviceType === 'tablet' ? 'Tablet' : 'Mobile',
    platform: 'Android',
    platformVersion: `${device.android}.0.0`,
    model: device.model,
  });
}
