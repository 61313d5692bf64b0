// Writes src/data/browser-versions.ts anew: which versions of which browser were in use on the day of the data.
//   npm run refresh:browsers              from the installed data
//   npm run refresh:browsers -- --check   writes nothing, fails where the table is another
// The data are the three sets that browserslist is made of, pinned in package.json, so that the table is a
// function of the lock file: caniuse-lite (shares, release dates), baseline-browser-mapping (releases of the
// browsers built on Chromium, and the Chromium inside), electron-to-chromium (build numbers).
// docs/traffic.md says how to bring them up to date, and what is kept by hand.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getAllVersions } from 'baseline-browser-mapping';
import { agents } from 'caniuse-lite';
import chromiumOfElectron from 'electron-to-chromium/full-versions.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const output = 'src/data/browser-versions.ts';
const written = formatted(
  tables(
    getAllVersions({ includeDownstreamBrowsers: true, suppressWarnings: true }),
    Object.values(chromiumOfElectron),
  ),
);
if (!process.argv.includes('--check')) writeFileSync(output, written);
else if (readFileSync(output, 'utf8') !== written) {
  process.stderr.write(`${output} is not what the installed data say: npm run refresh:browsers\n`);
  process.exit(1);
}

function formatted(text) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/@biomejs/biome/bin/biome', 'format', `--stdin-file-path=${output}`],
    { input: text, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`biome: ${stderr}`);
  return stdout;
}

function tables(allReleases, chromiumVersions) {
  const byNumber = new Intl.Collator('en', { numeric: true });
  const newestFirst = rows => rows.toSorted((a, b) => byNumber.compare(b.version, a.version));

  /** The newest release that the shares know of: what came later is left out, whatever the other sets say. */
  const asOf = Object.values(agents)
    .flatMap(({ release_date }) => Object.values(release_date))
    .reduce((newest, seconds) => Math.max(newest, seconds ?? 0), 0);
  const dayOf = seconds => new Date(seconds * 1000).toISOString().slice(0, 10);
  const ageDays = ({ release_date }) => (asOf * 1000 - Date.parse(release_date)) / 86_400_000;
  const releases = name =>
    newestFirst(allReleases.filter(release => release.browser === name && ageDays(release) >= 0));
  const newest = Number(releases('chrome')[0].version);

  /** Versions that have 1.5 % of their browser or more, newest first, with whole weights. */
  const used = (agent, majorsAbove) => {
    const recent = Object.entries(agents[agent].usage_global)
      .map(([range, usage]) => ({ version: range.split('-').at(-1), usage }))
      .filter(({ version }) => Number.parseInt(version, 10) > majorsAbove);
    const total = recent.reduce((sum, { usage }) => sum + usage, 0);
    return newestFirst(recent)
      .filter(({ usage }) => usage / total >= 0.015)
      .map(({ version, usage }) => ({ version, weight: Math.round((usage / total) * 100) }));
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
  /**
   * Of browsers on phones caniuse knows the newest only. They update themselves: a week after a release half
   * of those that had the one before have it.
   */
  const byAge = name => {
    let left = 100;
    const rows = [];
    for (const release of releases(name)) {
      const weight = Math.round(left * (1 - 2 ** (-ageDays(release) / 7)));
      left -= weight;
      if (weight >= 2) rows.push({ version: release.version, weight });
      if (left < 5) return rows;
    }
    return rows;
  };
  const cousins = (rows, chromiumOf, own) =>
    rows.flatMap(({ version, weight }) => {
      const major = chromiumOf(version);
      if (Number.isNaN(major)) return [];
      return { chromium: major, chromiumBuild: chromium(major, 96), ...own(Number(version), major), weight };
    });
  const inside = name => version => {
    const release = releases(name).find(row => Number(row.version) === Number(version));
    return Number.parseInt(release?.engine_version ?? '', 10);
  };

  const lines = [
    '// Written by scripts/refresh-browsers.mjs. Change that, not this.',
    '// Shares: caniuse.com (CC BY 4.0) through caniuse-lite; releases: baseline-browser-mapping;',
    '// Chromium builds: electron-to-chromium. Weights are relative to their own list.',
    '/** The newest release that the shares know of; no version here is younger. */',
    `export const browserVersionsAsOf = '${dayOf(asOf)}';`,
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

  const recentMajors = newest - 16;
  table('chromeOnComputers', 'ChromiumVersion', withBuilds(used('chrome', recentMajors), [96, 77, 58]));
  table('chromeOnAndroid', 'ChromiumVersion', withBuilds(byAge('chrome_android'), [102, 81, 59]));
  table(
    'chromeOnIos',
    'Version',
    byAge('chrome').map(row => ({ ...row, version: chromium(Number(row.version), 65) })),
  );
  // Edge's and Opera's own build numbers grow with the releases; these are near the real ones.
  table(
    'edgeVersions',
    'ChromiumCousin',
    cousins(used('edge', recentMajors), Number, (version, major) => ({
      version: `${version}.0.0.0`,
      build: `${version}.0.${Math.round(2903 + (buildOf(major) - 6778) * 1.036)}.61`,
    })),
  );
  table(
    'operaVersions',
    'ChromiumCousin',
    cousins(used('opera', newest - 30), inside('opera'), version => ({
      version: `${version}.0.0.0`,
      build: `${version}.0.${Math.round(5322 + (version - 115) * 42.5)}.27`,
    })),
  );
  table(
    'operaOnAndroidVersions',
    'ChromiumCousin',
    cousins(byAge('opera_android'), inside('opera_android'), version => ({
      version: `${version}.0.0.0`,
      build: `${version}.1.${Math.round(4600 + (version - 87) * 54)}.81042`,
    })),
  );
  table(
    'samsungInternetVersions',
    'ChromiumCousin',
    cousins(used('samsung', 0), inside('samsunginternet_android'), version => ({
      version: version.toFixed(1),
      build: `${version.toFixed(1)}.1.28`,
    })),
  );
  const pointed = rows =>
    rows.map(row => ({ ...row, version: row.version.includes('.') ? row.version : `${row.version}.0` }));
  table('firefoxVersions', 'Version', pointed(used('firefox', newest - 30)));
  table('firefoxOnAndroidVersions', 'Version', pointed(byAge('firefox_android')));
  table('safariVersions', 'Version', pointed(used('safari', 15)));
  table('iosVersions', 'Version', pointed(used('ios_saf', 15)));
  return `${lines.join('\n')}\n`;
}
