import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

/** Ground first, as in docs/architecture.md. */
const floors = [
  'data',
  'base',
  'traffic',
  'matomo',
  'delivery',
  'run',
  'validation',
  'verification',
  'thresholds',
  'comparison',
  'output',
  'config',
  'cli',
];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    relative(source, resolve(source, file, '..', path)),
  );
}

const folderOf = (file: string) => file.split('/')[0] ?? '';

describe('the floors of the house', () => {
  it('a file imports from its own floor or below', () => {
    const upward = files
      .filter(file => floors.includes(folderOf(file)))
      .flatMap(file =>
        importsOf(file)
          .filter(path => floors.indexOf(folderOf(path)) > floors.indexOf(folderOf(file)))
          .map(path => `${file} → ${path}`),
      );
    expect(upward).toEqual([]);
  });

  it('the collector shares no code with the sender', () => {
    const shared = files
      .filter(file => folderOf(file) === 'collector')
      .flatMap(file => importsOf(file).map(path => ({ file, path })))
      .filter(
        ({ path }) =>
          !['collector', 'base'].includes(folderOf(path)) && path !== 'data/referrer-spam-hosts.ts',
      )
      .map(({ file, path }) => `${file} → ${path}`);
    expect(shared).toEqual([]);
  });

  it('only the command line starts a collector', () => {
    const users = files.filter(
      file =>
        !['collector', 'cli'].includes(folderOf(file)) &&
        file !== 'index.ts' &&
        importsOf(file).some(path => folderOf(path) === 'collector'),
    );
    expect(users).toEqual([]);
  });

  it('only the command line touches the process', () => {
    const touched = /\bprocess\.(argv|env|stdin|stdout|stderr|on|once|off|exit|exitCode|kill|cwd|title)\b/;
    const touching = files.filter(
      file => folderOf(file) !== 'cli' && touched.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(touching).toEqual([]);
  });
});
