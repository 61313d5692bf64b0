import { type Random, weighted } from '../base/random.ts';
import { type Country, countries } from '../data/countries.ts';
import { type BrowserProfile, browserProfiles, type DeviceType } from './browser-profiles.ts';

/** Who visits, with what and from where. All parts fit each other and stay the same through a visit. */
export interface Visitor {
  readonly userAgent: string;
  /** JSON for `uadata`; '' where the browser has no client hints. */
  readonly clientHints: string;
  /** Width × height, for example `1920x1080`. */
  readonly resolution: string;
  /** For `lang`: the languages a browser accepts, without weights, which Matomo strips: `sv-se,sv,en-us,en`. */
  readonly language: string;
  /** ISO 3166-1 alpha-2 in lower case; undefined where countries are not randomised. */
  readonly country: string | undefined;
  /** IPv4; undefined where countries are not randomised. */
  readonly ip: string | undefined;
  /** To add to UTC for the visitor's local time. */
  readonly utcOffsetMinutes: number;
  readonly deviceType: DeviceType;
  /** As Matomo names it. */
  readonly browser: string;
  /** As Matomo names it. */
  readonly os: string;
}

/**
 * Draws a visitor. Every draw takes the same number of random numbers, so that the setting changes the
 * visitor's place and nothing else: without countries none is sent, the server sees the sender's address,
 * and what it reports as country is its own affair. Language and local time are drawn all the same.
 *
 * @param isLoggedIn whether it comes with a user id
 */
export function drawVisitor(
  random: Random,
  settings: { readonly randomizeCountries: boolean },
  isLoggedIn = false,
): Visitor {
  draws ??= prepare();
  const profile = draws.profile(random);
  const country = draws.country(random);
  const language = country.language(random);
  const range = country.range(random);
  const ip = addressIn(range, random);
  return {
    userAgent: profile.userAgent,
    clientHints: profile.clientHints,
    resolution: profile.resolution,
    language: isLoggedIn ? language.ofMembers : profile.languageList ? language.list : language.tag,
    country: settings.randomizeCountries ? country.code : undefined,
    ip: settings.randomizeCountries ? ip : undefined,
    utcOffsetMinutes: country.utcOffsetMinutes,
    deviceType: profile.deviceType,
    browser: profile.browser,
    os: profile.os,
  };
}

interface Language {
  readonly tag: string;
  readonly list: string;
  readonly ofMembers: string;
  readonly weight: number;
}

interface AddressRange {
  /** The first address. */
  readonly base: number;
  readonly size: number;
}

interface CountryDraw {
  readonly code: string;
  readonly weight: number;
  readonly utcOffsetMinutes: number;
  readonly language: (random: Random) => Language;
  readonly range: (random: Random) => AddressRange;
}

interface Draws {
  readonly profile: (random: Random) => BrowserProfile;
  readonly country: (random: Random) => CountryDraw;
}

let draws: Draws | undefined;

function prepare(): Draws {
  return {
    profile: weighted(browserProfiles(), profile => profile.weight),
    country: weighted(countries.map(countryDraw), country => country.weight),
  };
}

function countryDraw(country: Country): CountryDraw {
  const languages = country.languages.map(({ tag, weight }) => ({
    tag,
    weight,
    list: languageList(tag),
    ofMembers: memberLanguageList(tag),
  }));
  return {
    code: country.code,
    weight: country.weight,
    utcOffsetMinutes: country.utcOffsetMinutes,
    language: weighted(languages, language => language.weight),
    range: weighted(country.ranges.map(addressRange), range => range.size),
  };
}

/** Where visitors come from: ranges of IPv4 addresses as numbers, with their shares of all visitors. */
export function visitorRanges(): readonly { first: number; last: number; share: number }[] {
  const weights = countries.reduce((sum, { weight }) => sum + weight, 0);
  return countries.flatMap(country => {
    const ranges = country.ranges.map(addressRange);
    const addresses = ranges.reduce((sum, { size }) => sum + size, 0);
    return ranges.map(({ base, size }) => ({
      first: base,
      last: base + size - 1,
      share: ((country.weight / weights) * size) / addresses,
    }));
  });
}

/** What browsers other than Apple's make of one chosen language: its family, then English. */
function languageList(tag: string): string {
  const family = tag.slice(0, tag.indexOf('-'));
  return family === 'en' ? `${tag},en` : `${tag},${family},en-us,en`;
}

/**
 * A list that no visitor without a user id has, and so a fingerprint that none has: Matomo gives a hit with a user id
 * any open visit without one that has the same fingerprint (contract case `uid-other-cid-same-fingerprint`), and looks at
 * the first 20 characters of the languages [core/Tracker/Settings.php: getConfigId].
 */
function memberLanguageList(tag: string): string {
  const family = tag.slice(0, tag.indexOf('-'));
  if (family === 'en') return `${tag},en,${tag === 'en-gb' ? 'en-us' : 'en-gb'}`;
  return `${tag},${family},en`;
}

/** @param cidr for example `78.64.0.0/12` */
function addressRange(cidr: string): AddressRange {
  const [address = '', bits = ''] = cidr.split('/');
  const base = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { base, size: 2 ** (32 - Number(bits)) };
}

/** The last octet is 1 to 254: the ends of a network belong to no visitor. */
function addressIn(range: AddressRange, random: Random): string {
  const network = range.base + Math.floor(random.unit() * range.size);
  return `${octets[network >>> 24]}.${octets[(network >>> 16) & 255]}.${octets[(network >>> 8) & 255]}.${octets[random.integer(1, 254)]}`;
}

/** Numbers as text, prepared: an address is made for every visit. */
const octets: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet));
