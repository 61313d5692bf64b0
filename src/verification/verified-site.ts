import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { excludedAgentsQuestion, excludedIpsQuestion, pluginQuestion } from '../matomo/reporting/server.ts';
import { siteQuestion } from '../matomo/reporting/site.ts';
import type { Visit } from '../traffic/visit.ts';
import { type AddressRange, addressNumber, excludedRange } from '../validation/address-range.ts';
import { agentExclusion } from '../validation/excluded-agents.ts';
import type { LogScope } from './recorded-details.ts';

/** What a site says of itself when its visits are looked for. */
export interface VerifiedSite {
  /** IANA name. */
  readonly timezone: string;
  /** When it was made, in epoch seconds: reports show nothing of the days before. */
  readonly createdEpochSeconds: number;
  /** Its hits go through a queue. */
  readonly isQueued: boolean;
  readonly logScope: LogScope;
  /** Why its settings keep a visit out, as far as they may be seen; undefined where they do not. */
  exclusionOf(visit: Visit, carriesAddress: boolean): string | undefined;
}

/** @throws ReportingError also where the token may not view the site */
export async function readSite(client: ReportingClient, siteId: number): Promise<VerifiedSite> {
  const [site, queue, timings, shop, serverIps, serverAgents] = await client.askTogether([
    siteQuestion(siteId),
    pluginQuestion('QueuedTracking'),
    pluginQuestion('PagePerformance'),
    pluginQuestion('Ecommerce'),
    // Only administrators are told these.
    excludedIpsQuestion,
    excludedAgentsQuestion,
  ]);
  if (site.error !== undefined) throw site.error;
  const { timezone, ts_created: created, excluded_ips: ips, excluded_user_agents: agents } = site.value;
  const allAgents = [...agents, ...(serverAgents.value ?? [])];
  const ranges = [...ips, ...(serverIps.value ?? [])].flatMap((entry): AddressRange[] => {
    const range = excludedRange(entry);
    return range === undefined ? [] : [range];
  });
  return {
    timezone,
    createdEpochSeconds: Date.parse(`${created.replace(' ', 'T')}Z`) / 1000,
    isQueued: queue.value === true,
    logScope: { pageTimings: timings.value === true, productViews: shop.value === true },
    exclusionOf({ visitor }, carriesAddress) {
      if (allAgents.length > 0 && agentExclusion(visitor.userAgent, allAgents) === 'excluded') {
        return `The site excludes its user agent (${visitor.userAgent}).`;
      }
      if (ranges.length === 0) return undefined;
      if (!carriesAddress || visitor.ip === undefined) {
        return 'The site excludes some addresses, and this machine’s may be one of them.';
      }
      const address = addressNumber(visitor.ip);
      const isExcluded = ranges.some(
        ({ first, last }) => address !== undefined && first <= address && address <= last,
      );
      return isExcluded ? `The site excludes its address (${visitor.ip}).` : undefined;
    },
  };
}
