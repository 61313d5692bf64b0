// Compiles src/ into dist/, and makes the script and the style of the HTML report. It is built beside and put in place
// when whole, so that a deleted module cannot live on and whoever runs dist/ meanwhile never sees half of it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const fresh = `dist.${process.pid}.tmp`;
const old = `dist.${process.pid}.old`;
const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', fresh];
const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (status === 0) {
  await writePageParts(`${fresh}/output/html/assets`);
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
