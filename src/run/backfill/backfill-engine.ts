import type { ExceptionSink } from '../exception-sink.ts';
import type { Engine, Life } from '../life.ts';
import type { Monitor } from '../monitor.ts';
import { closeConnections, endTransports, type PreparedTarget } from '../prepared-target.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Telling } from '../telling.ts';
import { BackfillAccount } from './backfill-account.ts';
import { type BackfillConfig, backfillVisits } from './backfill-plan.ts';
import { BackfillTarget, type BackfillTargetEvents } from './backfill-target.ts';
import type { DayCounts } from './day-counts.ts';
import { countEarlier } from './earlier-sessions.ts';
import { PositionSet } from './position-set.ts';
import { planOf, type Readiness } from './readiness.ts';
import { askWhatIsThere } from './settle-break.ts';

export interface BackfillEngineOptions {
  readonly prepared: readonly PreparedTarget[];
  readonly life: Life;
  readonly telling: Telling;
  readonly settleAfterSeconds: number;
  readonly mask: (text: string) => string;
  readonly exceptions: ExceptionSink | undefined;
}

/** Sends the visits of past days as fast as targets take them: nothing in it is due. */
export class BackfillEngine implements Engine {
  targets: readonly BackfillTarget[] = [];
  /** On the clock of `performance.now()`. */
  startMs = performance.now();
  readonly #options: BackfillEngineOptions;

  constructor(options: BackfillEngineOptions) {
    this.#options = options;
  }

  /** All is sent, and the end of each visit is known. */
  get isDone(): boolean {
    return this.targets.every(target => target.isDone);
  }

  /** What earlier sessions sent is counted. */
  async prepare(ready: Readiness, days: DayCounts): Promise<void> {
    this.targets = ready.prepared.map((_, at) => this.#targetAt(at, ready, days));
    for (const [at, target] of this.targets.entries()) await countEarlier(ready, at, target);
  }

  begin(): void {
    this.startMs = performance.now();
    for (const target of this.targets) {
      if (this.#options.life.stopReason === undefined) target.begin();
      else target.stop();
    }
    this.#checkFinished();
  }

  stopBeginning(): void {
    for (const target of this.targets) target.stop();
  }

  /** What is on its way becomes unknown, and is asked for when the journal is gone on with. */
  cut(): void {
    const { prepared } = this.#options;
    for (const target of this.targets) target.cut();
    endTransports(prepared, 'INTERRUPTED');
    void closeConnections(prepared);
  }

  async close(): Promise<void> {
    await closeConnections(this.#options.prepared);
  }

  snapshot(nowMs: number, monitor: Monitor, days: DayCounts, { visitsPerSecond }: BackfillConfig): Snapshot {
    const { drainEndsMs } = this.#options.life;
    const left = days.planned - days.ended;
    const snapshot = monitor.snapshot(nowMs, {
      phase: drainEndsMs !== undefined ? 'draining' : 'running',
      drainLeftMs: drainEndsMs === undefined ? null : Math.max(0, drainEndsMs - nowMs),
      plannedVisits: days.planned,
      fraction: days.planned === 0 ? 1 : days.ended / days.planned,
      leftMs: null,
      offeredVisitsPerSecond: visitsPerSecond === 'max' ? null : visitsPerSecond,
    });
    const { visitsPerSecond: pace } = snapshot.total;
    const sum = (of: (target: BackfillTarget) => number) =>
      this.targets.reduce((all, target) => all + of(target), 0);
    return {
      ...snapshot,
      endedVisits: days.ended,
      // What was sent before a break was not sent at this pace.
      leftMs: pace > 0 ? (left / pace) * 1000 : null,
      backfill: {
        ...days.progress(),
        concurrency: sum(target => target.concurrency.value),
        mostConcurrency: sum(target => target.concurrency.most),
      },
    };
  }

  #targetAt(at: number, ready: Readiness, days: DayCounts): BackfillTarget {
    const { config, transport } = ready.prepared[at] as PreparedTarget;
    const { life, settleAfterSeconds, mask, exceptions } = this.#options;
    const progress = ready.before.get(config.name);
    return new BackfillTarget({
      config,
      account: new BackfillAccount({
        name: config.name,
        journal: ready.journal,
        days,
        epochMs: () => life.clock.epochMs(),
        mask,
        beyond: exceptions && (exception => exceptions.add(config.name, exception)),
        failed: error => this.#fail(error),
      }),
      plan: planOf(ready, at),
      visits: backfillVisits(ready.config, ready.dates, at),
      done: progress?.done ?? new PositionSet(),
      transport,
      visitsPerSecond: rateOf(ready.config, at),
      settleAfterMs: settleAfterSeconds * 1000,
      events: this.#eventsOf(at, ready),
    });
  }

  #eventsOf(at: number, ready: Readiness): BackfillTargetEvents {
    const { life, telling } = this.#options;
    return {
      changed: () => this.#checkFinished(),
      notice: (level, message) => telling.notice(level, message),
      askAboutToken: async () => {
        const { token } = await (ready.prepared[at] as PreparedTarget).ask(life.clock, life.ended);
        return token?.result ?? 'unclear';
      },
      settle: visits => askWhatIsThere(ready, at, visits, life.ended),
    };
  }

  #fail(error: unknown): void {
    this.#options.life.fail(error);
    for (const target of this.targets) target.cut();
  }

  #checkFinished(): void {
    if (this.targets.every(target => target.isIdle)) this.#options.life.finish();
  }
}

/** Visits a second at one target, of those that the configuration allows in all. */
function rateOf({ visitsPerSecond, distribution, targets }: BackfillConfig, at: number): number {
  const own = distribution === 'independent' ? targets[at]?.visitsPerSecond : undefined;
  const rate = own ?? visitsPerSecond;
  if (rate === 'max') return Number.POSITIVE_INFINITY;
  if (distribution !== 'split') return rate;
  return (rate * (targets[at]?.weight ?? 0)) / targets.reduce((sum, { weight }) => sum + weight, 0);
}
