import type { RequestParameters } from '../request-parameters.ts';
import type { CollectorSite, Exclusions } from '../site.ts';
import type { Visit } from '../visit.ts';
import { ApiError, noAccess, unknownSite } from './api-error.ts';
import type { Archive } from './archive.ts';

/** Who asks; without a token nobody may see anything. */
export type ApiUser = 'superuser' | 'writer' | 'viewer' | 'anonymous';

/** One call of a method of the Reporting API. */
export interface ApiCall {
  readonly parameters: RequestParameters;
  readonly user: ApiUser;
  readonly sites: readonly CollectorSite[];
  readonly excludedEverywhere: Exclusions;
  /** Plugins that are on, or not, other than usual. */
  readonly plugins: Readonly<Record<string, boolean>>;
  readonly visits: readonly Visit[];
  /** What reports of today are made of. */
  readonly archive: Archive;
  readonly epochSecond: number;
}

/** Answers a call with what becomes its JSON. @throws ApiError */
export type ApiMethod = (call: ApiCall) => unknown;

/** The methods of a plugin by name, without the plugin's. */
export type ApiPlugin = Readonly<Record<string, ApiMethod>>;

/** The site a call names. @throws ApiError */
export function siteOf(call: ApiCall): CollectorSite {
  const site = siteIfAny(call);
  if (!site) throw unknownSite(call.parameters.text('idSite'));
  return site;
}

/** As `siteOf`, but undefined where a superuser names a site that is not there: some methods do not look. @throws ApiError */
export function siteIfAny({ parameters, sites, user }: ApiCall): CollectorSite | undefined {
  const id = parameters.text('idSite');
  if (id === '') throw new ApiError("Please specify a value for 'idSite'.");
  const site = sites.find(candidate => String(candidate.id) === id);
  // Nobody but a superuser is told whether a site is there.
  if (user === 'anonymous' || (!site && user !== 'superuser'))
    throw noAccess(`'view' access for the website id = ${id}`);
  return site;
}

/** @throws ApiError for those who administer no site */
export function requireSomeAdminAccess({ user }: ApiCall): void {
  if (user !== 'superuser') throw noAccess('admin access for at least one website');
}

/** @throws ApiError where nobody is logged in */
export function requireSomeAccess({ user }: ApiCall): void {
  if (user === 'anonymous') throw noAccess('view access for at least one website');
}
