import type { IncomingRequest } from './incoming-request.ts';
import { htmlType, jsonReply, type Reply } from './reply.ts';
import type { ReportingApi } from './reporting/reporting-api.ts';
import type { CollectorSite } from './site.ts';
import { startPage } from './start-page.ts';
import type { CollectorState } from './state.ts';
import type { Tracker } from './tracker-endpoint.ts';

/** What stands behind the addresses of a collector. */
export interface Routes {
  readonly tracker: Tracker;
  readonly reporting: ReportingApi;
  readonly sites: readonly CollectorSite[];
  readonly state: (shown?: { visits?: boolean }) => CollectorState;
  readonly reset: () => void;
  readonly origin: () => string;
}

const trackingPaths = new Set(['/matomo.php', '/piwik.php', '/js/', '/js/index.php']);

/** True for the addresses tracking requests go to. */
export function isTracking(path: string): boolean {
  return trackingPaths.has(path);
}

/** @param epochSecond the server's time */
export function routeOf(request: IncomingRequest, routes: Routes, epochSecond: number): Reply {
  const { path, query, form, method } = request;
  if (isTracking(path)) {
    const isEmpty = Object.keys(query).length === 0 && request.body === '';
    if (path.startsWith('/js/') && isEmpty)
      return text(
        200,
        '/* The collector has no tracker script. */\n',
        'application/javascript; charset=UTF-8',
      );
    return routes.tracker.answer(request, epochSecond);
  }
  switch (path) {
    case '/':
      if ((query.module ?? form.module) === 'API') return routes.reporting.answer(request, epochSecond);
      return text(
        200,
        startPage(routes.state({ visits: true }), routes.sites, `${routes.origin()}/matomo.php`),
        'text/html; charset=utf-8',
      );
    case '/index.php':
      if ((query.module ?? form.module) === 'API') return routes.reporting.answer(request, epochSecond);
      return text(404, 'The collector answers index.php?module=API only.\n', htmlType);
    case '/collector/state':
      return jsonReply(200, routes.state({ visits: query.visits === '1' }));
    case '/collector/reset':
      if (method !== 'POST') return text(405, 'POST forgets everything.\n', 'text/plain; charset=utf-8');
      routes.reset();
      return jsonReply(200, { reset: true });
    default:
      return text(404, 'There is nothing at this address.\n', 'text/plain; charset=utf-8');
  }
}

function text(status: number, body: string, contentType: string): Reply {
  return { status, contentType, body };
}
