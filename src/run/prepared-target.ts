import { BulkTransport } from '../delivery/bulk-transport.ts';
import { type Endpoint, openEndpoint } from '../delivery/endpoint.ts';
import { SingleTransport } from '../delivery/single-transport.ts';
import { nothingTold, type TargetAnswers } from '../delivery/target-answers.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Transport } from '../delivery/transport.ts';
import type { Clock } from './clock.ts';
import { hitsNeedToken, type PlanMaker, preparePlan } from './planning.ts';
import type { RunConfig } from './run-config.ts';

/** A target that can be sent to, before its visits can be planned: the start and its zone may not be known yet. */
export interface PreparedTarget {
  readonly config: TargetConfig;
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly plan: PlanMaker;
  readonly hitsNeedToken: boolean;
  /**
   * What the target says of its token, its site and its clock. Never rejects.
   *
   * @param ended gives up waiting for it
   */
  ask(clock: Clock, ended: AbortSignal): Promise<TargetAnswers>;
  /** Whether its site has had a visitor before; false where that cannot be told. */
  hasVisitor(visitorId: string, nowEpochMs: number, ended: AbortSignal): Promise<boolean>;
}

/** All targets of a run, or none: where one cannot be prepared, nothing of the others is left open. */
export function prepareTargets(run: RunConfig): readonly PreparedTarget[] {
  const prepared: PreparedTarget[] = [];
  try {
    for (const target of run.targets) prepared.push(prepareTarget(run, target));
    return prepared;
  } catch (error) {
    void closeConnections(prepared);
    throw error;
  }
}

/** @param share what of the target's limits is to be used; default: all */
export function prepareTarget(
  run: RunConfig,
  planned: TargetConfig,
  share: Pick<TargetConfig, 'concurrency' | 'connections'> = planned,
): PreparedTarget {
  // A plan follows from the whole limits, and from the place of the target in the configuration.
  const config = share === planned ? planned : { ...planned, ...share };
  const needsToken = hitsNeedToken(run, planned);
  // First: it refuses what cannot be planned, and an endpoint must be closed.
  const plan = preparePlan(run, planned);
  const endpoint = openEndpoint(config, needsToken);
  const transport =
    config.transport === 'bulk' ? new BulkTransport(endpoint, config) : new SingleTransport(endpoint);
  return {
    config,
    endpoint,
    transport,
    plan,
    hitsNeedToken: needsToken,
    async ask(clock, ended) {
      // What asks is not loaded then: it would take longer than the rest of a start.
      if ((config.apiToken ?? config.token) === undefined) return nothingTold;
      const { askTarget } = await import('../delivery/ask.ts');
      return askTarget(config, needsToken, ended, () => clock.epochMs());
    },
    async hasVisitor(visitorId, nowEpochMs, ended) {
      const { hasVisitor } = await import('../delivery/ask.ts');
      return hasVisitor(config, visitorId, nowEpochMs, ended);
    },
  };
}

/** What waits at the transports ends there. @param cause of its verdict */
export function endTransports(targets: readonly PreparedTarget[], cause: string): void {
  for (const { transport } of targets) transport.end(cause);
}

export async function closeConnections(targets: readonly PreparedTarget[]): Promise<void> {
  await Promise.all(targets.map(({ endpoint }) => endpoint.close()));
}
