import { askTarget, type TargetAnswers } from '../delivery/ask.ts';
import { BulkTransport } from '../delivery/bulk-transport.ts';
import { type Endpoint, openEndpoint } from '../delivery/endpoint.ts';
import { SingleTransport } from '../delivery/single-transport.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Transport } from '../delivery/transport.ts';

/** A target that can be sent to, before its visits can be planned: the start and its zone may not be known yet. */
export interface PreparedTarget {
  readonly config: TargetConfig;
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly hitsNeedToken: boolean;
  /** What the target says of its token and its site. Never rejects. */
  ask(): Promise<TargetAnswers>;
}

export function prepareTarget(config: TargetConfig, hitsNeedToken: boolean): PreparedTarget {
  const endpoint = openEndpoint(config, hitsNeedToken);
  const transport =
    config.transport === 'bulk'
      ? new BulkTransport(endpoint, config.batchSize)
      : new SingleTransport(endpoint);
  return { config, endpoint, transport, hitsNeedToken, ask: () => askTarget(config, hitsNeedToken) };
}
