// Writes src/data/browser-versions.ts anew: which versions of which browser are in use, as of today.
//   node scripts/refresh-browsers.mjs
// It takes shares from caniuse-lite, the Chromium inside of other browsers from browser-compat-data, and
// build numbers from electron-to-chromium, all from npm into a temporary folder. Afterwards run
// test/traffic/browsers.test.ts: the device detector may not know something new yet.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'browsers-'));
const sources = ['caniuse-lite', '@mdn/browser-compat-data', 'electron-to-chromium'];
try {
  const { status } = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--prefix', folder, ...sources],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Error('the sources could not be installed');
  const load = createRequire(join(folder, 'index.js'));
  const { agents } = load('caniuse-lite');
  const { browsers } = JSON.parse(
    readFileSync(join(folder, 'node_modules/@mdn/browser-compat-data/data.json'), 'utf8'),
  );
  const output = fileURLToPath(new URL('../src/data/browser-versions.ts', import.meta.url));
  writeFileSync(output, tables(agents, browsers, Object.values(load('electron-to-chromium/full-versions'))));
  spawnSync('npx', ['biome', 'format', '--write', output], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function tables(agents, browsers, chromiumVersions) {
  const releases = name =>
    Object.entries(browsers[name].releases)
      .filter(([, { status }]) => status === 'current' || status === 'retired')
      .map(([version, release]) => ({ version, ...release }))
      .sort((a, b) => Number(b.version) - Number(a.version));
  const newest = Number(releases('chrome')[0].version);

  /** Versions that have 1.5 % of their browser or more, newest first, with whole weights. */
  const used = (agent, newestMajors) => {
    const rows = Object.entries(agents[agent].usage_global).map(([range, usage]) => ({
      version: range.split('-').at(-1),
      usage,
    }));
    const recent = rows.filter(({ version }) => Number.parseInt(version, 10) > newestMajors.above);
    const total = recent.reduce((sum, { usage }) => sum + usage, 0);
    return recent
      .filter(({ usage }) => usage / total >= 0.015)
      .map(({ version, usage }) => ({ version, weight: Math.round((usage / total) * 100) }))
      .sort((a, b) => Number(b.version) - Number(a.version));
  };

  /** The third part of Chromium's version; between releases that are known it grows evenly. */
  const known = new Map();
  for (const version of chromiumVersions) {
    const [major, , build] = version.split('.').map(Number);
    known.set(major, Math.max(known.get(major) ?? 0, build));
  }
  const buildOf = major => {
    if (known.has(major)) return known.get(major);
    const below = Math.max(...[...known.keys()].filter(other => other < major));
    const above = Math.min(...[...known.keys()].filter(other => other > major));
    if (above === Number.POSITIVE_INFINITY) return known.get(below) + 30 * (major - below);
    const share = (major - below) / (above - below);
    return Math.round(known.get(below) + share * (known.get(above) - known.get(below)));
  };
  /** Patch levels as releases have them; the exact ones are not looked up. */
  const chromium = (major, patch) => `${major}.0.${buildOf(major)}.${patch}`;
  const withBuilds = (rows, patches) =>
    rows.map(({ version, weight }, at) => {
      const major = Number(version);
      return {
        major,
        builds: patches.slice(0, Math.max(1, 3 - at)).map(patch => chromium(major, patch)),
        weight,
      };
    });
  /** Android browsers are updated within days, and caniuse knows the newest only. */
  const fresh = [72, 18, 10];
  const onTheNewest = name =>
    releases(name)
      .slice(0, 3)
      .map(({ version }, at) => ({ version, weight: fresh[at] }));
  const cousins = (name, rows, own) =>
    rows.flatMap(({ version, weight }) => {
      const major = Number.parseInt(browsers[name].releases[version]?.engine_version ?? '', 10);
      if (Number.isNaN(major)) return [];
      return { chromium: major, chromiumBuild: chromium(major, 96), ...own(Number(version), major), weight };
    });

  const lines = [
    '// Written by scripts/refresh-browsers.mjs. Change that, not this.',
    '// Shares: caniuse.com (CC BY 4.0) through caniuse-lite; releases: MDN browser-compat-data;',
    '// Chromium builds: electron-to-chromium. Weights are relative to their own list.',
    `export const browserVersionsAsOf = '${new Date().toISOString().slice(0, 7)}';`,
    '',
    'export interface ChromiumVersion {',
    '  readonly major: number;',
    '  /** Full versions of it, all equally often. */',
    '  readonly builds: readonly string[];',
    '  readonly weight: number;',
    '}',
    '',
    '/** A browser built on Chromium, with the version of its own. */',
    'export interface ChromiumCousin {',
    '  readonly chromium: number;',
    '  readonly chromiumBuild: string;',
    '  /** As in the user agent. */',
    '  readonly version: string;',
    '  readonly build: string;',
    '  readonly weight: number;',
    '}',
    '',
    'export interface Version {',
    '  readonly version: string;',
    '  readonly weight: number;',
    '}',
  ];
  const table = (name, type, rows) => {
    if (rows.length === 0) throw new Error(`${name}: nothing found, has a source changed?`);
    lines.push('', `export const ${name} = ${JSON.stringify(rows)} as const satisfies readonly ${type}[];`);
  };

  const recentMajors = { above: newest - 16 };
  table('chromeOnComputers', 'ChromiumVersion', withBuilds(used('chrome', recentMajors), [96, 77, 58]));
  table('chromeOnAndroid', 'ChromiumVersion', withBuilds(onTheNewest('chrome_android'), [102, 81, 59]));
  table(
    'chromeOnIos',
    'Version',
    onTheNewest('chrome').map(row => ({ ...row, version: chromium(Number(row.version), 65) })),
  );
  // Edge's and Opera's own build numbers grow with the releases; these are near the real ones.
  table(
    'edgeVersions',
    'ChromiumCousin',
    cousins('edge', used('edge', recentMajors), (version, major) => ({
      version: `${version}.0.0.0`,
      build: `${version}.0.${Math.round(2903 + (buildOf(major) - 6778) * 1.036)}.61`,
    })),
  );
  table(
    'operaVersions',
    'ChromiumCousin',
    cousins('opera', used('opera', { above: newest - 30 }), version => ({
      version: `${version}.0.0.0`,
      build: `${version}.0.${Math.round(5322 + (version - 115) * 42.5)}.27`,
    })),
  );
  table(
    'operaOnAndroidVersions',
    'ChromiumCousin',
    cousins('opera_android', onTheNewest('opera_android'), version => ({
      version: `${version}.0.0.0`,
      build: `${version}.1.${Math.round(4600 + (version - 87) * 54)}.81042`,
    })),
  );
  const samsung = used('samsung', { above: 0 }).map(row => ({
    ...row,
    version: Number(row.version).toFixed(1),
  }));
  table(
    'samsungInternetVersions',
    'ChromiumCousin',
    cousins('samsunginternet_android', samsung, version => ({
      version: version.toFixed(1),
      build: `${version.toFixed(1)}.1.28`,
    })),
  );
  const pointed = rows =>
    rows.map(row => ({ ...row, version: row.version.includes('.') ? row.version : `${row.version}.0` }));
  table('firefoxVersions', 'Version', pointed(used('firefox', { above: 130 })));
  table('firefoxOnAndroidVersions', 'Version', pointed(onTheNewest('firefox_android')));
  table('safariVersions', 'Version', pointed(used('safari', { above: 15 })));
  table('iosVersions', 'Version', pointed(used('ios_saf', { above: 15 })));
  return `${lines.join('\n')}\n`;
}
