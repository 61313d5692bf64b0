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
}

/** Rules that are newer than the Matomo the contract was recorded from: these agents are recorded there. */
const notYetBots = new Set(['node']);

/** Agents differ by the version at most, so a run has hundreds of them; far above that the oldest are forgotten. */
const cacheSize = 20_000;

/** What is used of the detector. Its own type declarations describe a module shape it does not have. */
interface Detector {
  parseBot(userAgent: string): object | null;
  parseClient(
    userAgent: string,
    hints: object,
  ): Partial<Record<'type' | 'name' | 'short_name' | 'version', string>>;
  parseOs(userAgent: string, hints: object): { short_name?: string; family?: string };
  detect(userAgent: string, hints: object): { device?: { type?: string } };
  restoreUserAgentFromClientHints(userAgent: string, hints: object): string;
}

const load = createRequire(import.meta.url);
const DeviceDetector: new (options: object) => Detector = load('node-device-detector');
const ClientHints: new () => { parse(hints: object, meta: object): object } = load(
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
const devices = new Map<string, Device>();

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
  if (devices.size >= cacheSize) {
    const [oldest] = devices.keys();
    if (oldest !== undefined) devices.delete(oldest);
  }
  devices.set(key, device);
  return device;
}

/** The type of device (`desktop`, `smartphone`), or null. Only reports ask for it. */
export function deviceTypeOf(userAgent: string, clientHints: string): string | null {
  if (deviceOf(userAgent, clientHints).isBot) return null;
  const { device } = detector.detect(userAgent, hintsOf(clientHints));
  return device?.type ? device.type : null;
}

function detect(userAgent: string, clientHints: string): Device {
  const bot = detector.parseBot(userAgent);
  if (bot && Object.keys(bot).length > 0 && !notYetBots.has(userAgent)) {
    return {
      isBot: true,
      client: 'UNK',
      clientVersion: '',
      isBrowser: false,
      os: 'BOT',
      clientName: 'Unknown',
      osFamily: 'Unknown',
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
  };
}

function hintsOf(json: string): object {
  if (json === '') return {};
  try {
    const hints: unknown = JSON.parse(json);
    return typeof hints === 'object' && hints !== null ? hintReader.parse(hints, {}) : {};
  } catch {
    return {};
  }
}
