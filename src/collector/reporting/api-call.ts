import type { RequestParameters } from '../request-parameters.ts';
import type { CollectorSite } from '../site.ts';
import type { Visit } from '../visit.ts';
import { ApiError, noAccess, unknownSite } from './api-error.ts';

/** Who asks; without a token nobody may see anything. */
export type ApiUser = 'superuser' | 'writer' | 'anonymous';

/** One call of a method of the Reporting API. */
export interface ApiCall {
  readonly parameters: RequestParameters;
  readonly user: ApiUser;
  readonly sites: readonly CollectorSite[];
  readonly visits: readonly Visit[];
  readonly epochSecond: number;
}

/** Answers a call with what becomes its JSON. @throws ApiError */
export type ApiMethod = (call: ApiCall) => unknown;

/** The methods of a plugin by name, without the plugin's. */
export type ApiPlugin = Readonly<Record<string, ApiMethod>>;

/** The site a call names. @throws ApiError */
export function siteOf({ parameters, sites, user }: ApiCall): CollectorSite {
  const id = parameters.text('idSite');
  if (id === '') throw new ApiError("Please specify a value for 'idSite'.");
  const site = sites.find(candidate => String(candidate.id) === id);
  if (user === 'anonymous') throw noAccess(`'view' access for the website id = ${id}`);
  if (!site) throw unknownSite(id);
  return site;
}

/** @throws ApiError where nobody is logged in */
export function requireSomeAccess({ user }: ApiCall): void {
  if (user === 'anonymous') throw noAccess('view access for at least one website');
}
