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

/** The first language of a normalised list, with its region where it has one: what the visit log keeps. */
export function mainLanguage(languages: string): string {
  if (languages === '') return '';
  const [, language, region = ''] =
    /(?:^|,)([a-z]{2,3})(?:-[a-z]{4})?(-[a-z]{2})?(?![a-z])/.exec(languages) ?? [];
  return language === undefined ? 'xx' : `${language}${region}`;
}

/** Countries of the languages that come without a region, the large ones. */
const countries: Readonly<Record<string, string>> = {
  ar: 'eg',
  bg: 'bg',
  bn: 'bd',
  ca: 'es',
  cs: 'cz',
  da: 'dk',
  de: 'de',
  el: 'gr',
  en: 'us',
  es: 'es',
  et: 'ee',
  fa: 'ir',
  fi: 'fi',
  fr: 'fr',
  ga: 'ie',
  he: 'il',
  hi: 'in',
  hr: 'hr',
  hu: 'hu',
  id: 'id',
  is: 'is',
  it: 'it',
  ja: 'jp',
  ko: 'kr',
  lt: 'lt',
  lv: 'lv',
  ms: 'my',
  nb: 'no',
  nl: 'nl',
  nn: 'no',
  no: 'no',
  pl: 'pl',
  pt: 'br',
  ro: 'ro',
  ru: 'ru',
  sk: 'sk',
  sl: 'si',
  sr: 'rs',
  sv: 'se',
  th: 'th',
  tr: 'tr',
  uk: 'ua',
  vi: 'vn',
  zh: 'cn',
};

/**
 * The country a browser's languages suggest, `xx` where they suggest none: a server without a location database
 * has nothing better [core/Common.php: extractCountryCodeFromBrowserLanguage].
 */
export function countryOfLanguage(languages: string): string {
  const [, plain = ''] = /^([a-z]{2,3})(?:,|;|$)/.exec(languages) ?? [];
  return countries[plain] ?? /-([a-z]{2})/.exec(languages)?.[1] ?? 'xx';
}
