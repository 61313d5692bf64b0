import { createRequire } from 'node:module';

/** What is used of the detector. Its own type declarations describe a module shape it does not have. */
interface BotDetector {
  parseBot(userAgent: string): object | null;
}

/** Words that suffice for Matomo to drop an agent, beside its hundreds of rules for single ones. */
const words = /bot|crawl|spider|monitor|script|fetch|proxy/i;

let detector: BotDetector | undefined;

/**
 * Whether an agent looks like one that Matomo drops as a bot's, by the rules it has them from. They are loaded when
 * they are first asked for, which is when a visit is missing.
 */
export function looksLikeBot(userAgent: string): boolean {
  if (words.test(userAgent)) return true;
  if (detector === undefined) {
    const Detector: new (options: object) => BotDetector = createRequire(import.meta.url)(
      'node-device-detector',
    );
    detector = new Detector({ clientIndexes: true });
  }
  return Object.keys(detector.parseBot(userAgent) ?? {}).length > 0;
}
