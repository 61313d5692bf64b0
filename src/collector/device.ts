import { createRequire } from 'node:module';

/** Who asks, as Matomo's rules for user agents and client hints see it. */
export interface Device {
  readonly isBot: boolean;
  /** Short code of the browser as in the visit log (`CH`), the name of another client, `UNK` where unknown. */
  readonly client: string;
  readonly clientVersion: string;
  /** False for `curl`, apps and unknown agents: those have no browser in the fingerprint. */
  readonly isBrowser: boolean;
  /** Short code (`WIN`), `UNK` where unknown, `BOT` for bots. */
  readonly os: string;
  /** Names as reports show them. */
  readonly clientName: string;
  readonly osFamily: string;
  readonly osName: string;
  /** Two numbers at most, as the log keeps it. */
  readonly osVersion: string;
}

/** Rules that are newer than the Matomo the contract was recorded from: there these agents are recorded, these systems named so. */
const notYetBots = new Set(['node']);
const notYetSystems = new Map([['iPadOS', 'iOS']]);

/** Agents differ by the version at most, so a run has hundreds of them; far above that the oldest are forgotten. */
const cacheSize = 20_000;

/** What is read here of the hints as the detector has them. */
interface Hints {
  readonly device?: { readonly model?: string };
}

/** What is used of the detector. Its own type declarations describe a module shape it does not have. */
interface Detector {
  parseClient(
    userAgent: string,
    hints: object,
  ): Partial<Record<'type' | 'name' | 'short_name' | 'version', string>>;
  parseOs(
    userAgent: string,
    hints: object,
  ): Partial<Record<'short_name' | 'name' | 'family' | 'version', string>>;
  detect(userAgent: string, hints: object): { device?: { type?: string } };
  restoreUserAgentFromClientHints(userAgent: string, hints: object): string;
}

const load = createRequire(import.meta.url);
const DeviceDetector: new (options: object) => Detector = load('node-device-detector');
const ClientHints: new () => { parse(hints: object, meta: object): Hints } = load(
  'node-device-detector/client-hints',
);

const detector = new DeviceDetector({
  clientIndexes: true,
  deviceIndexes: true,
  osIndexes: true,
  deviceAliasCode: false,
  deviceTrusted: false,
  deviceInfo: false,
  maxUserAgentSize: 500,
});
const hintReader = new ClientHints();

/**
 * The rules for bots as one: which of the hundreds it is does not matter here, and to try them one by one takes a
 * hundred times as long. Matomo does the same first [device-detector: AbstractParser::preMatchOverall()].
 */
const botRules: readonly { readonly regex: string }[] = load('node-device-detector/regexes/bots.js');
const { getBaseRegExp }: { getBaseRegExp(rule: string): RegExp } = load(
  'node-device-detector/parser/helper.js',
);
const anyBot = getBaseRegExp(botRules.map(({ regex }) => regex).join('|'));

/**
 * What browsers on a Mac or a Chromebook say, with no name of a device in it. The detector takes the system for one and
 * looks for it among all the brands there are, which takes a second the first time.
 */
const namelessDesktop =
  /^Mozilla\/5\.0 \((Macintosh; Intel Mac OS X [\d._]+(; rv:[\d.]+)?|X11; CrOS \w+ [\d.]+)\)( \(KHTML, like Gecko\)| (AppleWebKit|Version|Chrome|Safari|Gecko|Firefox|Edg|OPR)\/[\d.]+)+$/;

const devices = new Map<string, Device>();
const deviceTypes = new Map<string, string | null>();

/**
 * Tells the device. Looking through hundreds of rules takes milliseconds, so answers are kept by user agent.
 *
 * @param clientHints JSON of the hints as `uadata` sends them, or an empty text
 */
export function deviceOf(userAgent: string, clientHints: string): Device {
  const key = clientHints === '' ? userAgent : `${clientHints}\n${userAgent}`;
  const known = devices.get(key);
  if (known) return known;
  const device = detect(userAgent.trim(), clientHints);
  keep(devices, key, device);
  return device;
}

function keep<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size >= cacheSize) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(key, value);
}

/** The type of device (`desktop`, `smartphone`), or null. Only reports ask for it. */
export function deviceTypeOf(userAgent: string, clientHints: string): string | null {
  if (deviceOf(userAgent, clientHints).isBot) return null;
  const key = clientHints === '' ? userAgent : `${clientHints}\n${userAgent}`;
  const known = deviceTypes.get(key);
  if (known !== undefined) return known;
  const type = typeOf(userAgent, clientHints);
  keep(deviceTypes, key, type);
  return type;
}

function typeOf(userAgent: string, clientHints: string): string | null {
  const hints = hintsOf(clientHints);
  if (namelessDesktop.test(userAgent) && !hints.device?.model) return 'desktop';
  return detector.detect(userAgent, hints).device?.type || null;
}

function detect(userAgent: string, clientHints: string): Device {
  if (anyBot.test(userAgent) && !notYetBots.has(userAgent)) {
    return {
      isBot: true,
      client: 'UNK',
      clientVersion: '',
      isBrowser: false,
      os: 'BOT',
      clientName: 'Unknown',
      osFamily: 'Unknown',
      osName: 'Bot',
      osVersion: '',
    };
  }
  const hints = hintsOf(clientHints);
  const agent = clientHints === '' ? userAgent : detector.restoreUserAgentFromClientHints(userAgent, hints);
  const client = detector.parseClient(agent, hints);
  const os = detector.parseOs(agent, hints);
  return {
    isBot: false,
    client: client.short_name || client.name || 'UNK',
    clientVersion: client.version ?? '',
    isBrowser: client.type === 'browser',
    os: os.short_name || 'UNK',
    clientName: client.name || 'Unknown',
    osFamily: os.family || 'Unknown',
    osName: notYetSystems.get(os.name ?? '') ?? (os.name || 'Unknown'),
    osVersion: (os.version ?? '').split('.', 2).join('.'),
  };
}

function hintsOf(json: string): Hints {
  if (json === '') return {};
  try {
    const hints: unknown = JSON.parse(json);
    return typeof hints === 'object' && hints !== null ? hintReader.parse(hints, {}) : {};
  } catch {
    return {};
  }
}
