import { firstBytes } from './loose-values.ts';

/**
 * The languages a browser asks for, as the log keeps them and the fingerprint uses them: `en-us,en` from
 * `en-US,en;q=0.9` [core/Common.php: getBrowserLanguage].
 */
export function normalizedLanguage(accepted: string): string {
  const languages = accepted
    .replaceAll('_', '-')
    .toLowerCase()
    .replace(/\\./g, '')
    .replace(/\s+/g, '')
    .replace(/\([^)]*\)/g, '')
    .replace(/;q=[0-9.]+/g, '')
    .replace(/\..*/, '');
  return firstBytes(languages, 20);
}
