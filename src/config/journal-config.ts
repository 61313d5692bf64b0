import { basename, resolve } from 'node:path';
import * as z from 'zod';
import { Failure } from '../base/failure.ts';
import type { JournalHeader } from '../run/backfill/journal-records.ts';
import type { Flags } from './flag-layer.ts';
import type { LoadRequest } from './load.ts';
import { readTextFile } from './read-file.ts';

const savedTarget = z.looseObject({
  name: z.string(),
  tokenEnv: z.string().nullish(),
  headers: z.record(z.string(), z.string().nullable()).nullish(),
});

/** What `effective.ts` wrote, as far as it is looked at here. */
const savedConfig = z.looseObject({
  pages: z.looseObject({ file: z.string() }).nullish(),
  target: savedTarget.optional(),
  targets: z.array(savedTarget).optional(),
});

/** Keys that no file can say, or that are said better by the rest of the journal. */
const leftOut = [
  'collector',
  'preset',
  'startAt',
  'report',
  'html',
  'junit',
  'series',
  'metrics',
  'hits',
  'funnelFiles',
  'connections',
];

/**
 * What a backfill is configured with that goes on: its journal takes the place of the configuration file and the preset,
 * and names its seed and run. What the command line and variables say goes before it as ever, so that another plan is
 * noticed.
 */
export function journalRequest(
  header: JournalHeader,
  journalPath: string,
  request: Omit<LoadRequest, 'command'>,
): LoadRequest {
  // What messages call it.
  const place = `the configuration in ${basename(journalPath)}`;
  const text = configText(header);
  const { preset, ...given } = request.flags;
  refuseOtherPreset(preset, header, journalPath);
  const { readFile = readTextFile, cwd } = request;
  const flags: Flags = {
    ...given,
    config: place,
    seed: given.seed ?? String(header.seed),
    runId: given.runId ?? header.runId,
    'backfill.from': given['backfill.from'] ?? header.window.firstDay,
    'backfill.to': given['backfill.to'] ?? header.window.lastDay,
  };
  return {
    ...request,
    flags,
    command: 'backfill',
    readFile: path => (path === resolve(cwd, place) ? text : readFile(path)),
  };
}

/** @throws Failure USAGE */
function refuseOtherPreset(
  preset: Flags[string] | undefined,
  { config }: JournalHeader,
  journalPath: string,
): void {
  const begunWith = typeof config.preset === 'string' ? config.preset : undefined;
  if (preset === undefined || preset === begunWith) return;
  throw new Failure(
    'USAGE',
    `${journalPath} is the journal of another plan: it was begun with ${begunWith === undefined ? 'no preset' : `the preset ${begunWith}`}, and --preset is ${preset}`,
    { hint: 'Go on without --preset: all that was configured is in the journal.' },
  );
}

function configText({ config }: JournalHeader): string {
  const saved = savedConfig.parse(config);
  const { pages, target, targets, ...others } = saved;
  return JSON.stringify({
    ...Object.fromEntries(Object.entries(others).filter(([key]) => !leftOut.includes(key))),
    pages: pages?.file ?? null,
    ...(target && { target: targetOf(target) }),
    ...(targets && { targets: targets.map(targetOf) }),
  });
}

function targetOf(target: z.output<typeof savedTarget>) {
  const { apiTokenEnv, tokenEnv, headers, ...others } = target;
  const known = Object.entries(headers ?? {}).filter(([, template]) => template !== null);
  return {
    ...others,
    // A longer name than configurations allow is that of a host.
    name: target.name.length > 64 ? null : target.name,
    ...(typeof tokenEnv === 'string' && { tokenEnv }),
    ...(typeof apiTokenEnv === 'string' && { apiTokenEnv }),
    ...(known.length > 0 && { headers: Object.fromEntries(known) }),
  };
}
