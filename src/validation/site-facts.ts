import { dimensionsQuestion, type Goal, goalsQuestion } from '../matomo/reporting/goals.ts';
import type { Answer, ReportingClient } from '../matomo/reporting/reporting-client.ts';
import type { ReportingError } from '../matomo/reporting/reporting-error.ts';
import {
  adminAccessQuestion,
  excludedAgentsQuestion,
  excludedIpsQuestion,
  excludedParametersQuestion,
  pluginQuestion,
  searchParametersQuestion,
  superuserQuestion,
  versionQuestion,
  viewAccessQuestion,
  writeAccessQuestion,
} from '../matomo/reporting/server.ts';
import { type Site, siteQuestion, siteUrlsQuestion } from '../matomo/reporting/site.ts';

/**
 * What the Reporting API tells of a site and its server. Undefined: it does not tell, as many versions and lesser
 * access do with one thing or another.
 */
export interface SiteFacts {
  readonly version: string | undefined;
  readonly site: Site | undefined;
  /** Why there is no `site`, in the API's words. */
  readonly siteHidden: string | undefined;
  readonly urls: readonly string[] | undefined;
  readonly mayView: boolean | undefined;
  readonly mayWrite: boolean | undefined;
  readonly isSuperuser: boolean | undefined;
  /** Those of the whole server. */
  readonly serverExcludedIps: readonly string[] | undefined;
  readonly serverExcludedAgents: readonly string[] | undefined;
  readonly serverExcludedParameters: readonly string[] | undefined;
  readonly serverSearchParameters: readonly string[] | undefined;
  readonly goals: readonly Goal[] | undefined;
  /** Ids of those in use. */
  readonly dimensions: readonly number[] | undefined;
  readonly queuedTracking: boolean | undefined;
  readonly spamPrevention: boolean | undefined;
}

/**
 * Asks all at once: a bad token is one failed login.
 *
 * @throws ReportingError where the API gives no list of answers
 */
export async function askSiteFacts(client: ReportingClient, siteId: number): Promise<SiteFacts> {
  const [
    version,
    site,
    urls,
    viewed,
    written,
    administered,
    superuser,
    excludedIps,
    excludedAgents,
    excludedParameters,
    searchParameters,
    goals,
    dimensions,
    queuedTracking,
    spamPrevention,
  ] = await client.askTogether([
    versionQuestion,
    siteQuestion(siteId),
    siteUrlsQuestion(siteId),
    viewAccessQuestion,
    writeAccessQuestion,
    adminAccessQuestion,
    superuserQuestion,
    excludedIpsQuestion,
    excludedAgentsQuestion,
    excludedParametersQuestion,
    searchParametersQuestion,
    goalsQuestion(siteId),
    dimensionsQuestion(siteId),
    pluginQuestion('QueuedTracking'),
    pluginQuestion('TrackingSpamPrevention'),
  ]);
  return {
    version: version.value,
    site: site.value,
    siteHidden: site.error?.message,
    urls: urls.value,
    mayView: site.value === undefined ? viewed.value?.includes(siteId) : true,
    mayWrite: isAmong(siteId, written, administered),
    isSuperuser: superuser.value,
    serverExcludedIps: excludedIps.value,
    serverExcludedAgents: excludedAgents.value,
    serverExcludedParameters: excludedParameters.value,
    serverSearchParameters: searchParameters.value,
    goals: goals.value,
    dimensions: dimensions.value,
    queuedTracking: queuedTracking.value,
    spamPrevention: spamPrevention.value,
  };
}

/** Whether one of the lists has the site; a no needs both of them. */
function isAmong(siteId: number, ...lists: readonly Answer<number[]>[]): boolean | undefined {
  if (lists.some(({ value }) => value?.includes(siteId))) return true;
  return lists.every(({ value }) => value !== undefined) ? false : undefined;
}

/**
 * Whether Matomo does not know the token. It says so in its own words, or on a page of its own; another's 401 or 403,
 * as a proxy gives it, says nothing of the token.
 */
export function isTokenRefused({ kind, message }: ReportingError): boolean {
  return kind === 'refused' && (!/^status \d{3}/.test(message) || /matomo|piwik/i.test(message));
}
