import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageRoot } from '../../base/package-root.ts';
import type { ChartData } from './chart-data.ts';
import { Html, html, type Part, scriptJson } from './html.ts';

/** Where the build puts what all pages share. */
const parts = new URL('dist/output/html/assets/', packageRoot);

export interface Page {
  readonly title: string;
  readonly header: Part;
  readonly main: Part;
  readonly footer: Part;
  readonly charts: readonly ChartData[];
}

/**
 * A document that needs nothing but itself, and may not ask for anything: its policy allows the one script and the one
 * style that stand in it, told by their hashes, and no request at all.
 */
export function pageText({ title, header, main, footer, charts }: Page): string {
  const script = partOf('charts.js');
  const style = partOf('page.css');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash(script)}'`,
    `style-src 'sha256-${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the result</a>
<header>
${header}</header>
<main id="main">
<noscript><p class="note">Charts are drawn by a script, which is switched off here. The tables have all their numbers.</p></noscript>
${main}</main>
<footer>
${footer}</footer>
<script type="application/json" id="chart-data">${scriptJson(charts)}</script>
<script>${script}</script>
</body>
</html>
`.markup;
}

/** Ours, from the build, and without anything that would end its element. */
function partOf(file: string): Html {
  return new Html(readFileSync(new URL(file, parts), 'utf8').replaceAll('\r', ''));
}

function hash({ markup }: Html): string {
  return createHash('sha256').update(markup).digest('base64');
}
