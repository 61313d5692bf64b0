import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '../base/failure.ts';
import type { CollectorOptions } from '../collector/collector.ts';
import { type CollectorSite, parseSites } from '../collector/site.ts';
import { durationPattern, parseDuration } from '../config/duration.ts';
import type { Context } from './context.ts';

interface Flags {
  host: string;
  port: string;
  token?: string;
  writeToken?: string;
  viewToken?: string;
  secureToken?: string;
  sites?: string;
  state?: string;
  null?: boolean;
  latency?: string;
  errorRate?: string;
  hangRate?: string;
  failAfter?: string;
  cutAfterRecording?: string;
  failCommit?: string;
  loseQuietly?: string;
  queue?: string;
  archiveAge?: string;
}

const examples = `
Examples:
  $ trafficinator collector                                       on port 8089, with three sites
  $ trafficinator collector --port 0 --state collector.ndjson     any free port, remembers what it got
  $ trafficinator collector --latency 5-20ms --error-rate 0.01    a slow server with errors
  $ trafficinator collector --null                                for measuring what a sender can do

The address is the first line on stdout. Look at it with a browser, or with GET /collector/state.
`;

/** Adds the options and the action of `trafficinator collector`. */
export function define(command: Command, context: Context): void {
  command
    .description('Starts a server that answers as Matomo does and tells what Matomo would have recorded.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any free one', '8089')
    .option('--token <token>', "a superuser's token (default: one is made and told on stderr)")
    .option('--write-token <token>', 'token of a user with write access to every site')
    .option('--view-token <token>', 'token of a user who may view every site and write to none')
    .option('--secure-token <token>', "a superuser's token that only works in form bodies")
    .option(
      '--sites <file>',
      'JSON file with the sites to record for (default: three sites, the first a shop)',
    )
    .option('--state <file>', 'keep what is recorded in this file, over a restart too')
    .option('--null', 'answer every tracking request 204 at once and keep nothing')
    .option('--latency <range>', 'hold answers back, such as 20ms or 5-20ms')
    .option('--error-rate <share>', 'share of tracking requests answered 500 and not recorded, 0 to 1')
    .option('--hang-rate <share>', 'share of tracking requests never answered and not recorded, 0 to 1')
    .option('--fail-after <number>', 'reset all connections after so many tracking requests')
    .option('--cut-after-recording <n>', 'record every so many-th tracking request, and reset its connection')
    .option(
      '--fail-commit <n>',
      'lose the beginning of every so many-th tracking request if it is a bulk, and answer 500',
    )
    .option(
      '--lose-quietly <n>',
      'answer every so many-th tracking request as recorded, and do not record it',
    )
    .option('--queue <time>', 'answer at once and record so much later, as the plugin QueuedTracking does')
    .option('--archive-age <time>', 'keep reports of today for so long as they were when first asked for')
    .addHelpText('after', examples)
    .action(async (flags: Flags) => run(flags, context));
}

async function run(flags: Flags, context: Context): Promise<void> {
  const options = collectorOptions(flags, context);
  const { startCollector } = await import('../collector/collector.ts');
  const collector = await startCollector(options);
  await new Promise<void>(ended => {
    const stopListening = context.onSignal(() => {
      stopListening();
      ended();
    });
    // Who reads the address may end it at once.
    context.stdout.write(`${collector.origin}\n`);
    if (flags.token === undefined) context.stderr.write(`token_auth: ${collector.token}\n`);
  });
  await collector.close();
}

/** @throws Failure USAGE, FILE_UNREADABLE, FILE_INVALID */
function collectorOptions(flags: Flags, context: Context): CollectorOptions {
  const port = wholeNumber('--port', flags.port, 0, 65_535);
  return {
    host: flags.host,
    port,
    ...given('token', nonEmpty('--token', flags.token)),
    ...given('writeToken', nonEmpty('--write-token', flags.writeToken)),
    ...given('viewToken', nonEmpty('--view-token', flags.viewToken)),
    ...given('secureToken', nonEmpty('--secure-token', flags.secureToken)),
    ...given('sites', flags.sites === undefined ? undefined : readSites(resolve(context.cwd, flags.sites))),
    ...given('stateFile', flags.state === undefined ? undefined : resolve(context.cwd, flags.state)),
    ...given('nullMode', flags.null),
    ...given('latencyMs', flags.latency === undefined ? undefined : latencyRange(flags.latency)),
    ...given('errorRate', flags.errorRate === undefined ? undefined : share('--error-rate', flags.errorRate)),
    ...given('hangRate', flags.hangRate === undefined ? undefined : share('--hang-rate', flags.hangRate)),
    ...given(
      'failAfter',
      flags.failAfter === undefined ? undefined : wholeNumber('--fail-after', flags.failAfter, 0),
    ),
    ...given('cutAfterRecording', everyNth('--cut-after-recording', flags.cutAfterRecording)),
    ...given('failCommit', everyNth('--fail-commit', flags.failCommit)),
    ...given('loseQuietly', everyNth('--lose-quietly', flags.loseQuietly)),
    ...given('queueSeconds', seconds('--queue', flags.queue)),
    ...given('archiveSeconds', seconds('--archive-age', flags.archiveAge)),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  const option: { [P in K]?: V } = {};
  if (value !== undefined) option[name] = value;
  return option;
}

function wholeNumber(flag: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const limit =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least}`
      : `a whole number from ${least} to ${most}`;
  throw wrong(flag, text, limit);
}

function everyNth(flag: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(flag, text, 1);
}

function seconds(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (durationPattern.test(text)) return parseDuration(text);
  throw wrong(flag, text, 'a time such as 900s or 15m');
}

function share(flag: string, text: string): number {
  const value = Number(text);
  if (/^(\d+(\.\d+)?|\.\d+)$/.test(text) && value <= 1) return value;
  throw wrong(flag, text, 'a number from 0 to 1');
}

function latencyRange(text: string): { min: number; max: number } {
  const [, low = '', high = low] = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(?:ms)?$/.exec(text) ?? [];
  const range = { min: Number(low), max: Number(high) };
  if (low !== '' && range.min <= range.max) return range;
  throw wrong('--latency', text, 'milliseconds such as 20ms, or a range such as 5-20ms');
}

function nonEmpty(flag: string, text: string | undefined): string | undefined {
  if (text === '') throw wrong(flag, text, 'a token that is not empty');
  return text;
}

function wrong(flag: string, text: string, rule: string): Failure {
  return new Failure('USAGE', `${flag} ${text === '' ? 'is empty' : `is "${text}"`}, but must be ${rule}`);
}

function readSites(path: string): readonly CollectorSite[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Failure('FILE_UNREADABLE', `cannot read the sites in ${path}`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure(
      'FILE_INVALID',
      `${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  return parseSites(json, path);
}
