import { type CollectorGoal, urlsOf } from '../site.ts';
import {
  type ApiCall,
  type ApiPlugin,
  requireSomeAccess,
  requireSomeAdminAccess,
  siteIfAny,
  siteOf,
} from './api-call.ts';
import { ApiError } from './api-error.ts';

/** The Matomo whose behaviour the collector follows. */
export const matomoVersion = '5.2.0-b5';

const activePlugins = new Set([
  'Actions',
  'BulkTracking',
  'Contents',
  'CustomDimensions',
  'DevicesDetection',
  'Ecommerce',
  'Events',
  'Goals',
  'Live',
  'PagePerformance',
  'Referrers',
  'SitesManager',
  'UserCountry',
  'UsersManager',
  'VisitFrequency',
  'VisitsSummary',
]);

/** What a client asks of the server itself before it sends anything. */
export const serverPlugins: Readonly<Record<string, ApiPlugin>> = {
  API: {
    getMatomoVersion(call) {
      requireSomeAccess(call);
      return { value: matomoVersion };
    },
    getPiwikVersion(call) {
      requireSomeAccess(call);
      return { value: matomoVersion };
    },
    isPluginActivated(call) {
      const name = call.parameters.text('pluginName');
      if (name === '') throw new ApiError("Please specify a value for 'pluginName'.");
      requireSomeAccess(call);
      return { value: call.plugins[name] ?? activePlugins.has(name) };
    },
  },
  SitesManager: {
    getSiteFromId: siteDescription,
    getSiteUrlsFromId(call) {
      const site = siteIfAny(call);
      return site ? urlsOf(site) : [];
    },
    getSitesIdWithAdminAccess: call => (call.user === 'superuser' ? siteIds(call) : []),
    getSitesIdWithWriteAccess: call => (call.user === 'writer' ? siteIds(call) : []),
    getSitesIdWithViewAccess: call => (call.user === 'viewer' ? siteIds(call) : []),
    getSitesIdWithAtLeastViewAccess: call => (call.user === 'anonymous' ? [] : siteIds(call)),
    getExcludedIpsGlobal(call) {
      requireSomeAdminAccess(call);
      return everywhere(call.excludedEverywhere.excludedIps);
    },
    getExcludedUserAgentsGlobal(call) {
      requireSomeAdminAccess(call);
      return everywhere(call.excludedEverywhere.excludedUserAgents);
    },
    getExcludedQueryParametersGlobal(call) {
      requireSomeAccess(call);
      return everywhere(call.excludedEverywhere.excludedParameters);
    },
  },
  UsersManager: {
    hasSuperUserAccess: ({ user }) => ({ value: user === 'superuser' }),
  },
};

/** A goal as `Goals.getGoals` lists it. */
export function goalDescription(siteId: number, goal: CollectorGoal): object {
  return {
    idsite: siteId,
    idgoal: goal.id,
    name: goal.name,
    description: '',
    match_attribute: goal.match,
    pattern: goal.pattern,
    pattern_type: goal.patternType,
    case_sensitive: goal.caseSensitive ? 1 : 0,
    allow_multiple: goal.allowMultiple ? 1 : 0,
    revenue: goal.revenue,
    deleted: 0,
    event_value_as_revenue: goal.eventValueAsRevenue ? 1 : 0,
  };
}

/** A list of the server's settings: false where it was never set. */
function everywhere(list: readonly string[] | undefined): { value: string | false } {
  return { value: list === undefined ? false : list.join(',') };
}

function siteIds({ sites }: ApiCall): number[] {
  return sites.map(({ id }) => id);
}

function siteDescription(call: ApiCall): object {
  const site = siteOf(call);
  return {
    idsite: site.id,
    name: site.name,
    main_url: site.mainUrl,
    ts_created: `${site.created ?? '2020-01-01'} 00:00:00`,
    ecommerce: site.ecommerce ? 1 : 0,
    sitesearch: site.siteSearch ? 1 : 0,
    sitesearch_keyword_parameters: site.searchParameters?.join(',') ?? '',
    sitesearch_category_parameters: site.searchCategoryParameters?.join(',') ?? '',
    timezone: site.timezone,
    currency: site.currency,
    exclude_unknown_urls: site.excludeUnknownUrls ? 1 : 0,
    excluded_ips: site.excludedIps?.join(',') ?? '',
    excluded_parameters: site.excludedParameters?.join(',') ?? '',
    excluded_user_agents: site.excludedUserAgents?.join(',') ?? '',
    excluded_referrers: '',
    group: '',
    type: 'website',
    keep_url_fragment: site.keepUrlFragment ? 1 : 0,
    ...(call.user === 'superuser' ? { creator_login: 'super user was set' } : {}),
    timezone_name: timezoneName(site.timezone),
    currency_name: currencyName(site.currency),
  };
}

/** Zones are named by their country, where they have one that has no other. */
function timezoneName(timezone: string): string {
  const countries: Record<string, string> = { 'Europe/Stockholm': 'Sweden' };
  return countries[timezone] ?? timezone;
}

function currencyName(code: string): string {
  return new Intl.DisplayNames('en', { type: 'currency' }).of(code) ?? code;
}
