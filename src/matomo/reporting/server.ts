import * as z from 'zod';
import type { Question } from './question.ts';
import { commaList, toggle } from './values.ts';

/** `{"value": …}`: how the API wraps what is no list and no object. */
function wrapped<T>(value: z.ZodType<T>): z.ZodType<T> {
  return z.object({ value }).transform(answer => answer.value as T);
}

/** For example `5.2.0`. */
export const versionQuestion: Question<string> = {
  method: 'API.getMatomoVersion',
  parameters: {},
  answer: wrapped(z.string()),
};

export function pluginQuestion(name: string): Question<boolean> {
  return {
    method: 'API.isPluginActivated',
    parameters: { pluginName: name },
    answer: wrapped(toggle),
  };
}

export const superuserQuestion: Question<boolean> = {
  method: 'UsersManager.hasSuperUserAccess',
  parameters: {},
  answer: wrapped(toggle),
};

const siteIds = z.array(z.coerce.number());

/** Of sites with write access and nothing more: a superuser has none, and no administrator has. */
export const writeAccessQuestion: Question<number[]> = {
  method: 'SitesManager.getSitesIdWithWriteAccess',
  parameters: {},
  answer: siteIds,
};

/** Of sites with administrator's access: a superuser has all of them. */
export const adminAccessQuestion: Question<number[]> = {
  method: 'SitesManager.getSitesIdWithAdminAccess',
  parameters: {},
  answer: siteIds,
};

/** Of all sites a token may view, with whatever access. */
export const viewAccessQuestion: Question<number[]> = {
  method: 'SitesManager.getSitesIdWithAtLeastViewAccess',
  parameters: {},
  answer: siteIds,
};

/** Lists that hold for every site of a server. Only administrators are told, but of parameters. */
function serverWide(name: string): Question<string[]> {
  return { method: `SitesManager.${name}`, parameters: {}, answer: wrapped(commaList) };
}

export const excludedIpsQuestion = serverWide('getExcludedIpsGlobal');
export const excludedAgentsQuestion = serverWide('getExcludedUserAgentsGlobal');
export const excludedParametersQuestion = serverWide('getExcludedQueryParametersGlobal');
export const searchParametersQuestion = serverWide('getSearchKeywordParametersGlobal');
