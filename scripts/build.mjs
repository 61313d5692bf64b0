// Compiles src/ into dist/, bundles the command line, and makes the script and the style of the HTML report. It is built
// beside and put in place when whole, so that a deleted module cannot live on and whoever runs dist/ meanwhile never sees
// half of it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const fresh = `dist.${process.pid}.tmp`;
const old = `dist.${process.pid}.old`;
const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', fresh];
const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (status === 0) {
  await writePageParts(`${fresh}/output/html/assets`);
  await writeProgram(`${fresh}/program`);
  if (existsSync('dist')) renameSync('dist', old);
  renameSync(fresh, 'dist');
}
for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
process.exit(status ?? 1);

/** The chart library goes into what is put into every HTML report, with its licence: the package needs no copy of it. */
async function writePageParts(folder) {
  mkdirSync(folder);
  const licence = readFileSync('node_modules/uplot/LICENSE', 'utf8').trim();
  const { version } = JSON.parse(readFileSync('node_modules/uplot/package.json', 'utf8'));
  const library = readFileSync('node_modules/uplot/dist/uPlot.min.css', 'utf8');
  const own = readFileSync('src/output/html/browser/page.css', 'utf8');
  const bundle = await rolldown({ input: 'src/output/html/browser/charts.ts', platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
  writeFileSync(`${folder}/charts.js`, `/*! uPlot ${version}\n\n${licence} */\n${output[0].code}`);
  writeFileSync(`${folder}/page.css`, `${library}\n${own}`);
}

/**
 * The command line with what it loads at each start, in a few files of CommonJS: to find, read and link six hundred
 * modules took Node longer than all else before the first hit. What is loaded late, or brings files of its own, stays apart.
 */
async function writeProgram(folder) {
  const bundle = await rolldown({
    input: { main: 'src/cli/main.ts', 'sending-thread': 'src/run/workers/sending-thread.ts' },
    platform: 'node',
    external: /^(undici|prom-client|node-device-detector|@opentelemetry)/,
    plugins: [withoutOtherPrograms()],
    // Some modules are part of one command's start and loaded late by another.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    comments: false,
  });
  writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
  writeFileSync(`${folder}/LICENSES.txt`, licences(output.flatMap(({ moduleIds }) => moduleIds)));
}

/** Commander loads what starts other programs, for commands that are programs of their own. Ours are not. */
function withoutOtherPrograms() {
  const nothing = '\0nothing';
  return {
    name: 'without-other-programs',
    resolveId: (id, importer) =>
      id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer) ? nothing : undefined,
    load: id => (id === nothing ? 'export {};' : undefined),
  };
}

/** Of all packages that modules come from. */
function licences(modules) {
  const folders = modules.map(path => path.match(/^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/)?.[0]);
  const texts = [...new Set(folders)].sort().flatMap(folder => {
    if (folder === undefined) return [];
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find(file => /^licen[cs]e/i.test(file));
    return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
