import { type FailedLogins, LockedOut, RequestAuthentication, type Tokens } from '../authentication.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import { type Parameters, parseQuery } from '../query-string.ts';
import { errorPageReply, jsonReply, type Reply } from '../reply.ts';
import { RequestParameters } from '../request-parameters.ts';
import type { CollectorSite, Exclusions } from '../site.ts';
import type { Visit } from '../visit.ts';
import type { ApiCall, ApiPlugin, ApiUser } from './api-call.ts';
import { ApiError, noSuchMethod } from './api-error.ts';
import type { Archive } from './archive.ts';
import { coreAdminPlugin } from './core-admin-plugin.ts';
import { dimensionPlugin } from './dimension-plugin.ts';
import { eventPlugin } from './event-plugin.ts';
import { goalPlugin } from './goal-plugin.ts';
import { livePlugin } from './live-plugin.ts';
import { rounded } from './report-data.ts';
import { serverPlugins } from './server-plugins.ts';
import { summaryPlugins } from './summary-plugins.ts';
import { tablePlugins } from './table-plugins.ts';

const jsonType = 'application/json; charset=utf-8';

/** Every plugin the API answers for; another one is "not enabled". */
const plugins: Readonly<Record<string, ApiPlugin>> = {
  ...serverPlugins,
  ...summaryPlugins,
  ...tablePlugins,
  CoreAdminHome: coreAdminPlugin,
  CustomDimensions: dimensionPlugin,
  Events: eventPlugin,
  Goals: goalPlugin,
  Live: livePlugin,
};

/** What the API reads from. */
export interface ReportingSource {
  readonly tokens: Tokens;
  readonly failures: FailedLogins;
  readonly sites: readonly CollectorSite[];
  readonly excludedEverywhere: Exclusions;
  readonly plugins: Readonly<Record<string, boolean>>;
  readonly visits: () => readonly Visit[];
  readonly archive: Archive;
}

/** Answers `index.php?module=API`: one method, or many in `API.getBulkRequest`. Always in JSON. */
export class ReportingApi {
  readonly #source: ReportingSource;

  constructor(source: ReportingSource) {
    this.#source = source;
  }

  /** @param epochSecond the server's time */
  answer(request: IncomingRequest, epochSecond: number): Reply {
    const all: Parameters = Object.assign(Object.create(null), request.form, request.query);
    let user: ApiUser;
    try {
      user = this.#userOf(request, new RequestParameters(all).text('token_auth'), epochSecond);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Whether somebody asks the API is told by the URL alone before anybody is let in.
      const isToApi = request.query.module === 'API' && request.query.method !== undefined;
      return isToApi ? errorReply(error) : errorPageReply(error.status, escaped(error.message));
    }
    const { visits, ...source } = this.#source;
    const context = { ...source, user, visits: visits(), epochSecond };
    try {
      if (all.method === 'API.getBulkRequest') return jsonReply(200, bulkAnswers(all, context), jsonType);
      return jsonReply(200, call({ ...context, parameters: new RequestParameters(all) }), jsonType);
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    }
  }

  /** @throws ApiError for a bad token, which counts as one failed login however many methods are asked */
  #userOf(request: IncomingRequest, token: string, epochSecond: number): ApiUser {
    if (token === '' || token === 'anonymous') return 'anonymous';
    const inForm = new RequestParameters(request.form).text('token_auth') !== '';
    const inUrl = new RequestParameters(request.query).text('token_auth') !== '';
    const { tokens, failures } = this.#source;
    const isSecure = inForm && !inUrl;
    const address = request.remoteAddress;
    const authentication = new RequestAuthentication({ tokens, failures, address, epochSecond, isSecure });
    try {
      if (authentication.isSuperuser(token)) return 'superuser';
    } catch (error) {
      if (error instanceof LockedOut)
        throw new ApiError(
          'You are currently not allowed to log in because you had too many failed logins, try again later.',
          403,
        );
      throw error;
    }
    if (token === tokens.write) return 'writer';
    if (token === tokens.view) return 'viewer';
    authentication.mayWrite(token);
    const reason = isSecure
      ? 'invalid or expired'
      : 'invalid, expired or is required to be sent as a POST parameter';
    throw new ApiError(`Unable to authenticate with the provided token. It is either ${reason}.`, 401);
  }
}

function call(context: ApiCall): unknown {
  const name = context.parameters.text('method');
  if (name === '')
    throw new ApiError(
      "The parameter 'method' isn't set in the Request, and a default value wasn't provided.",
    );
  const [pluginName = '', methodName = ''] = name.split('.');
  const plugin = Object.hasOwn(plugins, pluginName) ? plugins[pluginName] : undefined;
  if (!plugin) {
    throw new ApiError(
      `The plugin ${pluginName} is not enabled. You can activate the plugin on Settings > Plugins page in Matomo.`,
    );
  }
  const method = Object.hasOwn(plugin, methodName) ? plugin[methodName] : undefined;
  if (!method) throw noSuchMethod(pluginName, methodName);
  const answer = method(context);
  return context.parameters.text('format_metrics') === '0' ? withPlainShares(answer) : answer;
}

/** Errors of single methods leave the others alone, and the answer is 200. */
function bulkAnswers(all: Parameters, context: Omit<ApiCall, 'parameters'>): unknown[] {
  const urls = typeof all.urls === 'object' && all.urls !== null ? Object.values(all.urls) : [];
  return urls.map(url => {
    try {
      return call({
        ...context,
        parameters: new RequestParameters(parseQuery(String(url).replace(/^.*\?/, ''))),
      });
    } catch (error) {
      if (error instanceof ApiError) return errorBody(error.message);
      throw error;
    }
  });
}

/** Rates and percentages as numbers, `0.3333` for `33.33%`: what `format_metrics=0` asks for. */
function withPlainShares(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withPlainShares);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => {
      const isShare = typeof value === 'string' && /_(rate|percent)/.test(name) && value.endsWith('%');
      return [name, isShare ? rounded(Number(value.slice(0, -1)) / 100, 4) : withPlainShares(value)];
    }),
  );
}

function errorReply({ status, message }: ApiError): Reply {
  return jsonReply(status, errorBody(escaped(message)), jsonType);
}

function errorBody(message: string): object {
  return { result: 'error', message };
}

/** Messages of a single call are HTML, those in a bulk are not. */
function escaped(message: string): string {
  return message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
