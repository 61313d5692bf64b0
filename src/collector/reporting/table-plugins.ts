import { deviceOf, deviceTypeOf } from '../device.ts';
import type { ReferrerType } from '../referrer.ts';
import type { Visit } from '../visit.ts';
import type { ApiPlugin } from './api-call.ts';
import { distinct, percent, reportMethod } from './report-data.ts';
import { visitTable } from './visit-table.ts';

/** The kinds of referrers with their names and numbers. */
const referrerTypes: Readonly<Record<ReferrerType, { name: string; number: number }>> = {
  direct: { name: 'Direct Entry', number: 1 },
  search: { name: 'Search Engines', number: 2 },
  website: { name: 'Websites', number: 3 },
  campaign: { name: 'Campaigns', number: 6 },
  social: { name: 'Social Networks', number: 7 },
};

const numbers = new Map(Object.values(referrerTypes).map(({ name, number }) => [name, number]));
const countryNames = new Intl.DisplayNames('en', { type: 'region' });
const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** Reports with a row for each value of something: referrers, countries, devices, languages, screens, users. */
export const tablePlugins: Readonly<Record<string, ApiPlugin>> = {
  Referrers: {
    get: reportMethod(({ visits }) => {
      const of = (type: ReferrerType) => visits.filter(visit => visit.referrer.type === type);
      const names = (type: ReferrerType) => distinct(of(type), visit => visit.referrer.name);
      const share = (type: ReferrerType) => percent(of(type).length, visits.length);
      return {
        Referrers_visitorsFromSearchEngines: of('search').length,
        Referrers_visitorsFromSocialNetworks: of('social').length,
        Referrers_visitorsFromDirectEntry: of('direct').length,
        Referrers_visitorsFromWebsites: of('website').length,
        Referrers_visitorsFromCampaigns: of('campaign').length,
        Referrers_distinctSearchEngines: names('search'),
        Referrers_distinctSocialNetworks: names('social'),
        Referrers_distinctKeywords: distinct(of('search'), visit => visit.referrer.keyword),
        Referrers_distinctWebsites: names('website'),
        Referrers_distinctWebsitesUrls: distinct(of('website'), visit => visit.referrer.url),
        Referrers_distinctCampaigns: names('campaign'),
        Referrers_visitorsFromDirectEntry_percent: share('direct'),
        Referrers_visitorsFromSearchEngines_percent: share('search'),
        Referrers_visitorsFromCampaigns_percent: share('campaign'),
        Referrers_visitorsFromSocialNetworks_percent: share('social'),
        Referrers_visitorsFromWebsites_percent: share('website'),
      };
    }),
    getReferrerType: visitTable(
      visit => referrerTypes[visit.referrer.type].name,
      label => ({ referrer_type: numbers.get(label) }),
    ),
    getCampaigns: referrerTable('campaign'),
    getWebsites: referrerTable('website'),
    getSearchEngines: referrerTable('search'),
    getSocials: referrerTable('social'),
  },
  UserCountry: {
    getCountry: visitTable(
      visit => countryName(visit.location.country),
      (_, [first]) => ({ code: first?.location.country.toLowerCase() }),
    ),
  },
  DevicesDetection: {
    getType: call => withEveryDeviceType(deviceTypes(call)),
    getBrowsers: visitTable(visit => deviceOf(visit.userAgent, visit.clientHints).clientName),
    getOsFamilies: visitTable(visit => deviceOf(visit.userAgent, visit.clientHints).osFamily),
  },
  Resolution: {
    getResolution: visitTable(visit => (visit.resolution === 'unknown' ? 'Unknown' : visit.resolution)),
  },
  UserLanguage: { getLanguage: visitTable(visit => languageName(visit.language)) },
  UserId: {
    getUsers: visitTable(
      visit => visit.userId,
      (_, [first]) => ({ idvisitor: first?.visitorId }),
    ),
  },
};

const deviceTypes = visitTable(deviceTypeName);

const knownDeviceTypes = [
  'Desktop',
  'Smartphone',
  'Tablet',
  'Feature phone',
  'Console',
  'Tv',
  'Car browser',
  'Smart display',
  'Camera',
  'Portable media player',
  'Phablet',
  'Smart speaker',
  'Wearable',
  'Peripheral',
];

/** The report names every type, those without visits too; a day without any visit has none of them. */
function withEveryDeviceType(rows: unknown): unknown {
  if (!Array.isArray(rows) || rows.length === 0) return rows;
  const labels = new Set(rows.map((row: { label: string }) => row.label));
  return [
    ...rows,
    ...knownDeviceTypes.filter(label => !labels.has(label)).map(label => ({ label, nb_visits: 0 })),
  ];
}

/** The type of a visit's device as reports name it. */
export function deviceTypeName({ userAgent, clientHints }: Visit): string {
  const type = deviceTypeOf(userAgent, clientHints);
  return type === null ? 'Unknown' : type.charAt(0).toUpperCase() + type.slice(1);
}

/** Its name in English, `Unknown` for none. */
export function countryName(code: string): string {
  return code === 'xx' || !/^[a-z]{2}$/i.test(code)
    ? 'Unknown'
    : (countryNames.of(code.toUpperCase()) ?? 'Unknown');
}

function referrerTable(type: ReferrerType) {
  return visitTable(visit => (visit.referrer.type === type ? visit.referrer.name : null));
}

/** Regions make no languages of their own here. */
function languageName(language: string): string {
  const [code = ''] = language.split('-');
  return code === '' || code === 'xx' ? 'Unknown' : (languageNames.of(code) ?? 'Unknown');
}
