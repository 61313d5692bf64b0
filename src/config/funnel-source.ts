import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { checkFunnel } from './funnel-check.ts';
import { type FunnelReading, type LoadedFunnel, readFunnelFile, together } from './funnel-file.ts';
import { checkFunnelSet, inLegacyOrder } from './funnel-set.ts';
import { suggestion } from './nearest.ts';
import type { Problem } from './origin.ts';
import { originText } from './origin.ts';
import { fileText, type ReadFile, type ReadFolder } from './read-file.ts';
import type { Setting } from './setting.ts';
import { shippedFunnel, shippedFunnels } from './shipped-funnels.ts';

/** The funnels of a run and where they are from. */
export interface FunnelSource {
  readonly funnels: readonly LoadedFunnel[];
  readonly files: readonly FunnelFile[];
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
  readonly warnings: readonly string[];
}

export interface FunnelFile {
  readonly file: string;
  readonly sha256: string;
  readonly funnels: number;
}

/** How files are got at. */
export interface FunnelReader {
  readonly cwd: string;
  readonly readFile: ReadFile;
  readonly readFolder: ReadFolder;
}

/** Where the containers of the Python Trafficinator had their funnels. */
const containerFunnels = '/app/data/funnels.json';

const none: FunnelSource = { funnels: [], files: [], problems: [], notices: [], warnings: [] };

/** The funnels a setting names or holds: shipped ones by name, files, folders, and funnels written out in it. */
export function funnelSource(setting: Setting, reader: FunnelReader): FunnelSource {
  const { value, origin } = setting;
  const isOurs = origin.kind === 'default' || (origin.kind === 'preset' && origin.shipped);
  // Who put that file there wants it more than what a preset has for everybody.
  const ofContainer = isOurs ? fileText(containerFunnels, reader.readFile).text : undefined;
  if (ofContainer !== undefined) {
    const source = checkedAsLegacy([partOf(ofContainer, containerFunnels)]);
    const isTold = source.funnels.length > 0;
    return { ...source, notices: isTold ? [`funnels are those of ${containerFunnels}`] : [] };
  }
  if (!Array.isArray(value)) return none;
  const from = originText(origin);
  const parts = value.flatMap((item, at): Part[] => {
    const label = `${setting.leaf.path}[${at}]`;
    return typeof item === 'string' ? partsOf(item, label, from, reader) : [inlinePart(item, label, from)];
  });
  // What its variable names runs as it ran there.
  return 'variable' in origin ? checkedAsLegacy(parts) : checked(parts);
}

/** Funnel files that a command is given, and what is wrong with each and with all together. */
export function funnelsOfFiles(files: readonly string[], reader: FunnelReader): FunnelSource {
  return checked(files.flatMap(file => partsOf(file, 'FILE', file, reader)));
}

/** Funnel files of the Python Trafficinator, to be taken over. */
export function funnelsOfLegacyFiles(files: readonly string[], reader: FunnelReader): FunnelSource {
  return checkedAsLegacy(files.flatMap(file => partsOf(file, 'FILE', file, reader)));
}

/** The funnels in the package, or those of them that are named. */
export function funnelsOfPackage(names: readonly string[] = shippedFunnels()): FunnelSource {
  return checked(names.map(name => partOf(shippedFunnel(name) ?? '', name)));
}

interface Part extends FunnelReading {
  readonly file?: FunnelFile | undefined;
}

function checked(
  parts: readonly Part[],
  funnels: readonly LoadedFunnel[] = parts.flatMap(part => part.funnels),
): FunnelSource {
  const set = checkFunnelSet(funnels);
  return {
    funnels,
    files: parts.flatMap(({ file }) => (file === undefined ? [] : [file])),
    problems: [...parts.flatMap(part => part.problems), ...set.problems],
    notices: [],
    warnings: [...parts.flatMap(part => part.warnings), ...set.warnings],
  };
}

/** As `checked`, with what the Python Trafficinator ran and a file of ours may not say. */
export function checkedAsLegacy(parts: readonly Part[]): FunnelSource {
  const { funnels, warnings } = inLegacyOrder(parts.flatMap(part => part.funnels));
  const source = checked(parts, funnels);
  return { ...source, warnings: [...warnings, ...source.warnings] };
}

function partsOf(named: string, label: string, from: string, reader: FunnelReader): Part[] {
  const refused = (rule: string): Part[] => [
    {
      funnels: [],
      problems: [{ path: label, value: named, rule, from }],
      warnings: [],
      file: undefined,
    },
  ];
  const shipped = shippedFunnel(named);
  if (shipped !== undefined) return [partOf(shipped, named)];
  const path = resolve(reader.cwd, named);
  const file = fileText(path, reader.readFile);
  if (file.text !== undefined) return [partOf(file.text, named)];
  // A .env that only repeats the default of a container holds outside of one too.
  if (file.missing && named === containerFunnels) return [];
  const inFolder = filesIn(path, reader);
  if (inFolder === undefined) {
    const name = basename(named);
    const isName = !name.includes('.');
    const others = isName ? ` (shipped are ${shippedFunnels().join(', ')})` : '';
    return refused(`${file.rule}${isName ? suggestion(name, shippedFunnels()) : ''}${others}`);
  }
  if (inFolder.length === 0) return refused('has no funnel file in it: .yaml, .yml or .json');
  return inFolder.flatMap(name => partsOf(join(named, name), label, from, reader));
}

/** The funnel files of a folder, by name; undefined: it is no folder. */
function filesIn(path: string, { readFolder }: FunnelReader): readonly string[] | undefined {
  try {
    return [...readFolder(path)].filter(name => /\.(?:ya?ml|json)$/i.test(name)).sort();
  } catch {
    return undefined;
  }
}

function partOf(text: string, file: string): Part {
  const reading = readFunnelFile(text, file);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { ...reading, file: { file, sha256, funnels: reading.funnels.length } };
}

/** Mistakes in one were told with line and column when its file was read. */
function inlinePart(given: unknown, label: string, from: string): Part {
  const place = { label, of: () => from };
  return { ...together([{ checked: checkFunnel(given, place), from }]), file: undefined };
}
