import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { ExitCode, worstExitCode } from '../../base/exit-codes.ts';
import { Failure } from '../../base/failure.ts';
import { firstSecond, zoneOf } from '../../base/zone.ts';
import type { TargetAnswers } from '../../delivery/ask.ts';
import { openReporting } from '../../delivery/reporting-access.ts';
import { ReportingError } from '../../matomo/reporting/reporting-error.ts';
import { dayNumber } from '../../traffic/backfill-days.ts';
import { MARGIN_SECONDS } from '../../traffic/dating.ts';
import { type RunIdentity, runIdentity } from '../../traffic/identity.ts';
import type { Visit } from '../../traffic/visit.ts';
import { longestVisitSeconds } from '../../traffic/visit-length.ts';
import { Broadcast } from '../broadcast.ts';
import { buildReport } from '../build-report.ts';
import { type Clock, systemClock } from '../clock.ts';
import { deferred, within } from '../deferred.ts';
import type { Judge } from '../judge.ts';
import { Monitor } from '../monitor.ts';
import type { Output } from '../output.ts';
import { datesOf, type TargetDates, trafficOf } from '../planning.ts';
import { prepare } from '../preparation.ts';
import { type PreparedTarget, prepareTarget } from '../prepared-target.ts';
import { runInfo } from '../progress.ts';
import type { Report, SiteTotals, StopReason, Verification } from '../report.ts';
import { standingOf } from '../standing.ts';
import type { RunHandle } from '../start-run.ts';
import { verifiedReport } from '../verified-report.ts';
import { type BackfillConfig, type BackfillVisit, backfillVisits, daysOf } from './backfill-plan.ts';
import { BackfillTarget } from './backfill-target.ts';
import { DayCounts } from './day-counts.ts';
import { Journal } from './journal.ts';
import { lockJournal } from './journal-lock.ts';
import type { JournalHeader } from './journal-records.ts';
import { type JournalState, readJournal, type TargetProgress } from './journal-state.ts';
import { PositionSet } from './position-set.ts';
import { type Settled, settleVisits } from './settle.ts';

export type { BackfillConfig } from './backfill-plan.ts';

export interface BackfillOptions {
  readonly outputs: readonly Output[];
  readonly journalPath: string;
  /** Goes on with the journal; without it there must be none, or `force`. */
  readonly resume: boolean;
  /** Begins anew although there is a journal, which is kept beside the new one. */
  readonly force: boolean;
  /** What was sent without an answer is asked about so long after the journal's last entry. */
  readonly settleAfterSeconds: number;
  readonly clock?: Clock;
  readonly version: string;
  readonly mask: (text: string) => string;
  readonly known?: ReadonlyMap<string, TargetAnswers>;
  readonly totalsBefore?: ReadonlyMap<string, SiteTotals>;
  readonly verify?: (report: Report) => Promise<Verification | null> | Verification | null;
  /** What the session is held to. */
  readonly judge?: Judge;
  /** How long a session that ends early by itself may finish what is under way; default 30 s. */
  readonly drainMs?: number;
}

const TICK_MS = 200;
const SLICE_MS = 1000;
const DEFAULT_DRAIN_MS = 30_000;
/** A server that does not say what must be known is asked so often, at growing distances. */
const ASKING_TRIES = 5;
const FIRST_RETRY_MS = 500;

/**
 * Fills past days: each visit once, over any number of breaks. `done` rejects with a `Failure` before anything is sent where the
 * journal, a token or the days do not allow it. The report is of this session, but for `days`, which are of all sessions.
 *
 * @param config of a journal that is gone on with, run id and seed are taken from there
 */
export function startBackfill(config: BackfillConfig, options: BackfillOptions): RunHandle {
  const backfill = new Backfill(config, options);
  return { done: backfill.go(), stop: (exitCode, drainMs) => backfill.stop(exitCode, drainMs) };
}

/** What must be known before the first visit can be planned, asked or read from the journal. */
interface Ready {
  readonly config: BackfillConfig;
  readonly identity: RunIdentity;
  readonly startEpochMs: number;
  readonly dates: readonly TargetDates[];
  readonly journal: Journal;
  readonly before: ReadonlyMap<string, TargetProgress>;
  /** When the journal was last written to. */
  readonly lastEpochMs: number;
}

class Backfill {
  #config: BackfillConfig;
  readonly #options: BackfillOptions;
  readonly #clock: Clock;
  readonly #outputs: Broadcast;
  #prepared: readonly PreparedTarget[] = [];
  #targets: readonly BackfillTarget[] = [];
  #startMs = performance.now();
  #stopReason: StopReason | undefined;
  readonly #exitReasons = new Set<ExitCode>();
  #drainEndsMs: number | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #error: { readonly error: unknown } | undefined;
  readonly #stopped = deferred();
  readonly #finished = deferred();
  readonly #ended = new AbortController();

  constructor(config: BackfillConfig, options: BackfillOptions) {
    this.#config = { ...config, clock: 'backfill' };
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#outputs = new Broadcast(options.outputs);
  }

  async go(): Promise<Report> {
    refuseUnfit(this.#config);
    const { journalPath, resume, force } = this.#options;
    const unlock = lockJournal(journalPath);
    let journal: Journal | undefined;
    try {
      const found = foundJournal(journalPath, { resume, force });
      if (found !== undefined) this.#adopt(found);
      this.#prepared = this.#config.targets.map(target => prepareTarget(this.#config, target));
      const ready = await (found === undefined ? this.#prepareAnew() : this.#prepareAgain(found));
      journal = ready.journal;
      return await this.#run(ready, {
        wasFinished: found?.isFinished ?? false,
        cutBytes: found?.cutBytes ?? 0,
      });
    } finally {
      this.#ended.abort();
      clearTimeout(this.#drainTimer);
      await Promise.all(this.#prepared.map(({ endpoint }) => endpoint.close()));
      await journal?.close().catch(() => {});
      unlock();
    }
  }

  stop(exitCode: ExitCode, drainMs: number): void {
    if (this.#ended.signal.aborted) return;
    if (this.#stopReason === 'signal') {
      this.#cut();
      return;
    }
    this.#exitReasons.add(exitCode);
    this.#stopReason = 'signal';
    this.#drain(drainMs);
  }

  #drain(drainMs: number): void {
    this.#stopped.settle();
    for (const target of this.#targets) target.stop();
    clearTimeout(this.#drainTimer);
    this.#drainEndsMs = performance.now() + drainMs;
    this.#drainTimer = setTimeout(() => this.#cut(), drainMs);
  }

  /** A threshold with `abort` that does not hold ends the session, as Ctrl-C does. */
  #endIfBroken(elapsedSeconds: number): void {
    const watch = this.#options.judge?.watch;
    if (watch === undefined || this.#stopReason !== undefined) return;
    const broken = watch(standingOf(this.#config, this.#targets, elapsedSeconds), elapsedSeconds);
    for (const sentence of broken) this.#notice('error', sentence);
    if (broken.length === 0) return;
    this.#stopReason = 'threshold';
    this.#drain(this.#options.drainMs ?? DEFAULT_DRAIN_MS);
  }

  async #run(
    ready: Ready,
    { wasFinished, cutBytes }: { wasFinished: boolean; cutBytes: number },
  ): Promise<Report> {
    const { config, startEpochMs, identity, journal } = ready;
    const days = new DayCounts(config, daysOf(config));
    this.#outputs.start(runInfo({ ...config, visits: days.planned }, identity.tag, startEpochMs));
    if (cutBytes > 0) {
      this.#notice(
        'warn',
        `${this.#options.journalPath} was cut off in its last line: ${cutBytes} bytes are taken off, and the backfill goes on from the whole lines`,
      );
    }
    await this.#settleBefore(ready);
    this.#targets = this.#prepared.map((prepared, at) => {
      const plan = this.#planOf(ready, at);
      const progress = ready.before.get(prepared.config.name);
      return new BackfillTarget({
        config: prepared.config,
        plan,
        visits: backfillVisits(config, ready.dates, at),
        done: progress?.done ?? new PositionSet(),
        notRecorded: progress?.notRecorded ?? new Set(),
        transport: prepared.transport,
        journal,
        days,
        visitsPerSecond: rateOf(config, at),
        settleAfterMs: this.#options.settleAfterSeconds * 1000,
        epochMs: () => this.#clock.epochMs(),
        mask: this.#options.mask,
        events: {
          changed: () => this.#checkFinished(),
          failed: error => this.#fail(error),
          notice: (level, message) => this.#notice(level, message),
          askAboutToken: () => this.#askAboutToken(prepared),
          settle: visits => this.#settle(prepared, timezoneOf(ready, at), visits),
        },
      });
    });
    this.#startMs = performance.now();
    if (wasFinished)
      this.#notice('info', `${this.#options.journalPath} is finished: nothing is left to send`);
    const monitor = new Monitor(this.#targets, this.#startMs);
    for (const target of this.#targets) {
      if (this.#stopReason === undefined) target.begin();
      else target.stop();
    }
    this.#checkFinished();
    await this.#untilFinished(monitor, days);
    if (this.#error !== undefined) throw this.#error.error;
    if (this.#targets.every(target => target.isDone) && !wasFinished) {
      await journal.write({ finished: this.#clock.epochMs() });
    }
    for (const target of this.#targets) target.closeAccount();
    const report = await this.#verified(this.#report(ready, monitor, days));
    await this.#outputs.finish(report);
    return report;
  }

  async #untilFinished(monitor: Monitor, days: DayCounts): Promise<void> {
    const slices = setInterval(() => monitor.cut(performance.now()), SLICE_MS);
    const ticks = setInterval(() => {
      this.#tick(monitor, days);
      this.#endIfBroken((performance.now() - this.#startMs) / 1000);
    }, TICK_MS);
    try {
      await this.#finished.promise;
    } finally {
      clearInterval(slices);
      clearInterval(ticks);
      monitor.end(performance.now());
    }
    this.#tick(monitor, days);
  }

  #tick(monitor: Monitor, days: DayCounts): void {
    const nowMs = performance.now();
    const { visitsPerSecond } = this.#config;
    const left = days.planned - days.ended;
    const snapshot = monitor.snapshot(nowMs, {
      phase: this.#drainEndsMs !== undefined ? 'draining' : 'running',
      drainLeftMs: this.#drainEndsMs === undefined ? null : Math.max(0, this.#drainEndsMs - nowMs),
      plannedVisits: days.planned,
      fraction: days.planned === 0 ? 1 : days.ended / days.planned,
      leftMs: null,
      offeredVisitsPerSecond: visitsPerSecond === 'max' ? null : visitsPerSecond,
    });
    const { visitsPerSecond: pace } = snapshot.total;
    const sum = (of: (target: BackfillTarget) => number) =>
      this.#targets.reduce((all, target) => all + of(target), 0);
    this.#outputs.tick({
      ...snapshot,
      endedVisits: days.ended,
      // What was sent before a break was not sent at this pace.
      leftMs: pace > 0 ? (left / pace) * 1000 : null,
      backfill: {
        ...days.progress(),
        concurrency: sum(target => target.concurrency.value),
        mostConcurrency: sum(target => target.concurrency.most),
      },
    });
  }

  /** Of what was sent before the break, what has no answer is asked for, not before its request can have ended. */
  async #settleBefore({ before, lastEpochMs, ...ready }: Ready): Promise<void> {
    const open = [...before.values()].flatMap(({ unknown }) => unknown);
    if (open.length === 0) return;
    const count = open.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const waitMs = lastEpochMs + this.#options.settleAfterSeconds * 1000 - this.#clock.epochMs();
    const when =
      waitMs > 0 ? ` in ${Math.ceil(waitMs / 1000)} s, when none of their requests can be under way` : '';
    this.#notice(
      'info',
      `${count} visits were under way at the break: the server is asked about them${when}`,
    );
    if (waitMs > 0) await within(waitMs, new Promise<never>(() => {}), this.#stopped.promise);
    for (const [at, prepared] of this.#prepared.entries()) {
      const progress = before.get(prepared.config.name);
      if (this.#stopReason !== undefined) return;
      if (progress !== undefined && progress.unknown.length > 0) {
        await this.#settleTarget({ before, lastEpochMs, ...ready }, prepared, at, progress);
      }
    }
  }

  async #settleTarget(
    ready: Ready,
    prepared: PreparedTarget,
    at: number,
    { unknown, done, notRecorded }: TargetProgress,
  ): Promise<void> {
    const { name } = prepared.config;
    const wanted = new PositionSet();
    for (const [from, to] of unknown) wanted.add(from, to);
    const plan = this.#planOf(ready, at);
    const visits = new Map<number, Visit>();
    for (const planned of backfillVisits(ready.config, ready.dates, at)) {
      if (visits.size === wanted.size) break;
      if (wanted.has(planned.position)) visits.set(planned.position, plan(planned));
    }
    const told = await this.#settleWithPatience(prepared, timezoneOf(ready, at), [...visits.values()]);
    if (told === undefined) return;
    const settled = new Map([...visits.keys()].map((position, of) => [position, told[of]] as const));
    for (const [from, to] of unknown) {
      const positions = range(from, to);
      const again = positions.filter(position => settled.get(position) === 'absent');
      const partial = positions.filter(position => settled.get(position) === 'partial');
      for (const position of positions) if (settled.get(position) !== 'absent') done.add(position);
      for (const position of partial) notRecorded.add(position);
      const at = this.#clock.epochMs();
      const others = { ...(again.length > 0 && { again }), ...(partial.length > 0 && { partial }) };
      await ready.journal.write({ done: [from, to], to: name, at, ...others, asked: true });
    }
    const absent = told.filter(of => of === 'absent').length;
    this.#notice(
      'info',
      `${name}: ${told.length - absent} of them are recorded, and ${absent} are sent again`,
    );
  }

  /** @returns undefined where it was stopped meanwhile */
  async #settleWithPatience(
    prepared: PreparedTarget,
    timezone: string,
    visits: readonly Visit[],
  ): Promise<readonly Settled[] | undefined> {
    for (let tries = 1; this.#stopReason === undefined; tries++) {
      try {
        return await this.#settle(prepared, timezone, visits);
      } catch (error) {
        if (!(error instanceof ReportingError)) throw error;
        if (tries === ASKING_TRIES || error.kind !== 'unreachable')
          throw notTold(prepared.config.name, error);
        await within(FIRST_RETRY_MS * 2 ** tries, new Promise<never>(() => {}), this.#stopped.promise);
      }
    }
    return undefined;
  }

  async #settle(
    prepared: PreparedTarget,
    timezone: string,
    visits: readonly Visit[],
  ): Promise<readonly Settled[]> {
    const { config } = prepared;
    const token = config.apiToken ?? config.token ?? '';
    const { client, close } = openReporting(config, { token, signal: this.#ended.signal });
    try {
      return await settleVisits(client, { siteId: config.siteId, zone: zoneOf(timezone) }, visits);
    } finally {
      await close();
    }
  }

  #planOf({ identity, startEpochMs, dates }: Ready, at: number): (visit: BackfillVisit) => Visit {
    const plan = (this.#prepared[at] as PreparedTarget).plan(
      identity,
      startEpochMs,
      dates[at] as TargetDates,
    );
    return ({ index, momentSeconds, recurrence }) =>
      plan(index, momentSeconds * 1000 - startEpochMs, recurrence);
  }

  /** Everything that the plan depends on is asked and put down. */
  async #prepareAnew(): Promise<Ready> {
    const config = this.#config;
    const known = await this.#answers();
    await this.#learnZones(known);
    const { startEpochMs, identity, dates } = await prepare({
      config: { ...config, startEpochMs: undefined },
      targets: this.#prepared,
      known,
      clock: this.#clock,
      stopped: this.#stopped.promise,
      ended: this.#ended.signal,
    });
    const datedTo = dates.map((of): TargetDates => {
      const latest = Math.floor(startEpochMs / 1000) - MARGIN_SECONDS - of.serverLagSeconds;
      return { ...of, latestEpochSeconds: latest };
    });
    refuseTooYoung(config, datedTo);
    const journal = await Journal.create(
      this.#options.journalPath,
      headerOf(config, this.#options.version, { startEpochMs, tag: identity.tag, dates: datedTo }),
    );
    return {
      config,
      identity,
      startEpochMs,
      dates: datedTo,
      journal,
      before: new Map(),
      lastEpochMs: startEpochMs,
    };
  }

  /** As the journal has it: the plan must be the same, whatever the target would say of itself today. */
  async #prepareAgain({
    header,
    targets,
    wholeBytes,
    lastEpochMs,
    isFinished,
  }: JournalState): Promise<Ready> {
    const config = this.#config;
    if (!isFinished) await this.#answers();
    const identity = { ...runIdentity(header.runId, header.startEpochMs), tag: header.tag };
    const told = header.targets.map(({ timezone, clockShiftSeconds }) => ({
      timezone,
      serverLagSeconds: clockShiftSeconds,
    }));
    const dates = datesOf(config, told).map(
      (of, at): TargetDates => ({
        ...of,
        latestEpochSeconds: header.targets[at]?.latestEpochSeconds ?? 0,
      }),
    );
    const journal = await Journal.goOn(this.#options.journalPath, wholeBytes);
    return {
      config,
      identity,
      startEpochMs: header.startEpochMs,
      dates,
      journal,
      before: targets,
      lastEpochMs,
    };
  }

  /**
   * Days are those of the sites' zones, so that they must be known: a server that does not say is asked again.
   *
   * @throws Failure SERVER_UNREADABLE
   */
  async #learnZones(known: Map<string, TargetAnswers>): Promise<void> {
    for (const target of this.#prepared) {
      const { name, timezone } = target.config;
      const isMissing = () => timezone === undefined && known.get(name)?.site === undefined;
      for (let tries = 1; tries < ASKING_TRIES && isMissing() && this.#stopReason === undefined; tries++) {
        await within(FIRST_RETRY_MS * 2 ** tries, new Promise<never>(() => {}), this.#stopped.promise);
        const answers = await target.ask(this.#clock, this.#ended.signal);
        if (answers.token?.result === 'refused') throw refused(name, answers.token.detail);
        known.set(name, answers);
      }
      if (!isMissing()) continue;
      throw new Failure(
        'SERVER_UNREADABLE',
        `${name} does not say which zone its site is in, and whose days are to be filled follows from that`,
        {
          hint: 'Nothing was sent. Try again when its Reporting API answers, or give the target its timezone.',
        },
      );
    }
  }

  /** @throws Failure TARGET_REFUSED where a token is refused */
  async #answers(): Promise<Map<string, TargetAnswers>> {
    const answers = await Promise.all(
      this.#prepared.map(async target => {
        const { name } = target.config;
        const known = this.#options.known?.get(name) ?? (await target.ask(this.#clock, this.#ended.signal));
        if (known.token?.result === 'refused') {
          throw refused(name, known.token.detail);
        }
        return [name, known] as const;
      }),
    );
    return new Map(answers);
  }

  /** Run id and seed are drawn where they are not given: those of the journal count. */
  #adopt({ header }: JournalState): void {
    const { journalPath, version } = this.#options;
    const config = { ...this.#config, runId: header.runId, seed: header.seed };
    if (header.version !== version) {
      throw new Failure(
        'USAGE',
        `${journalPath} was begun by trafficinator ${header.version}, and this is ${version}: it may plan other visits`,
        { hint: `Go on with trafficinator ${header.version}.` },
      );
    }
    if (header.plan !== fingerprint(config)) {
      throw new Failure('USAGE', `${journalPath} is the journal of another plan`, {
        hint: `Go on with the configuration it was begun with: ${windowText(header)} to ${header.targets.map(({ name, siteId }) => `${name} (site ${siteId})`).join(', ')}; the file has all of it in its first line.`,
      });
    }
    this.#config = config;
  }

  async #askAboutToken(prepared: PreparedTarget): Promise<'good' | 'refused' | 'unclear'> {
    const { token } = await prepared.ask(this.#clock, this.#ended.signal);
    return token?.result ?? 'unclear';
  }

  #notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#outputs.notice(level, this.#options.mask(message));
  }

  #fail(error: unknown): void {
    this.#error ??= { error };
    for (const target of this.#targets) target.cut();
    this.#finished.settle();
  }

  /** Nothing more is sent. What is on its way becomes unknown, and is asked for when the journal is gone on with. */
  #cut(): void {
    for (const target of this.#targets) target.cut();
    for (const { transport } of this.#prepared) transport.end('INTERRUPTED');
    for (const { endpoint } of this.#prepared) void endpoint.close();
  }

  #checkFinished(): void {
    if (this.#targets.every(target => target.isIdle)) this.#finished.settle();
  }

  async #verified(report: Report): Promise<Report> {
    const verification = (await this.#options.verify?.(report)) ?? null;
    const { judge } = this.#options;
    return verifiedReport(report, verification, {
      reasons: this.#exitReasons,
      ...(judge && { judge: judge.judge }),
    });
  }

  #report(ready: Ready, monitor: Monitor, days: DayCounts): Report {
    const isDone = this.#targets.every(target => target.isDone);
    const reasons = new Set(isDone ? [] : this.#exitReasons);
    if (this.#targets.some(target => target.wasLost)) reasons.add(ExitCode.TargetLost);
    if (this.#targets.some(target => !target.ledger.isWhole())) reasons.add(ExitCode.InternalError);
    return {
      ...buildReport({ ...ready.config, visits: days.planned }, this.#targets, {
        tag: ready.identity.tag,
        version: this.#options.version,
        startEpochMs: ready.startEpochMs,
        dates: ready.dates,
        totalsBefore: this.#options.totalsBefore,
        exceptionsFile: null,
        endEpochMs: this.#clock.epochMs(),
        durationSeconds: (performance.now() - this.#startMs) / 1000,
        stoppedBy: isDone ? 'plan-end' : (this.#stopReason ?? 'lost-targets'),
        remaining: days.planned - days.ended,
        monitor,
        exitCode: worstExitCode(reasons),
      }),
      days: days.reported(),
    };
  }
}

/** @throws Failure USAGE, CONFIG_INVALID */
function refuseUnfit({ targets, shard }: BackfillConfig): void {
  if (shard !== undefined) {
    throw new Failure('USAGE', 'a backfill has no shards', {
      hint: 'Give each machine days of its own, with a journal of its own.',
    });
  }
  const without = targets.find(({ token }) => token === undefined);
  if (without !== undefined) {
    throw new Failure('USAGE', `${without.name}: a backfill needs a token that may write to the site`, {
      hint: 'Matomo takes nothing older than a day without one.',
    });
  }
}

/**
 * Visits of today must fit between its midnight and now.
 *
 * @throws Failure CONFIG_INVALID
 */
function refuseTooYoung(config: BackfillConfig, dates: readonly TargetDates[]): void {
  for (const [at, { timezone, latestEpochSeconds = 0 }] of dates.entries()) {
    const target = config.targets[at] as PreparedTarget['config'];
    const lastDay = firstSecond(zoneOf(timezone), dayNumber(config.backfill.lastDay));
    const longest = Math.ceil(longestVisitSeconds(trafficOf(config, target)));
    if (lastDay + longest < latestEpochSeconds) continue;
    throw new Failure(
      'CONFIG_INVALID',
      `${target.name}: of ${config.backfill.lastDay} too little has passed in ${timezone} for visits of up to ${Math.ceil(longest / 60)} minutes`,
      { hint: 'End the window a day earlier. Nothing was sent.' },
    );
  }
}

/** @throws Failure USAGE, FILE_UNREADABLE, FILE_INVALID */
function foundJournal(
  path: string,
  { resume, force }: Pick<BackfillOptions, 'resume' | 'force'>,
): JournalState | undefined {
  if (resume) return readJournal(path);
  if (!existsSync(path)) return undefined;
  if (!force) {
    throw new Failure(
      'USAGE',
      `there is a journal already: ${path}. Sent once more, its visits would be doubled`,
      {
        hint: 'Go on with it by --resume, or fill the days anew by --force; then it is kept beside the new one.',
      },
    );
  }
  let number = 1;
  while (existsSync(`${path}.${number}`)) number++;
  renameSync(path, `${path}.${number}`);
  return undefined;
}

function headerOf(
  config: BackfillConfig,
  version: string,
  { startEpochMs, tag, dates }: { startEpochMs: number; tag: string; dates: readonly TargetDates[] },
): JournalHeader {
  const { firstDay, lastDay, visitsPerDay, maxVisits, growthPerWeek } = config.backfill;
  return {
    journal: 1,
    version,
    plan: fingerprint(config),
    runId: config.runId,
    seed: config.seed,
    tag,
    startEpochMs,
    window: { firstDay, lastDay, visitsPerDay, growthPerWeek, ...(maxVisits !== undefined && { maxVisits }) },
    targets: config.targets.map(({ name, url, siteId }, at) => ({
      name,
      url: url.href,
      siteId,
      timezone: dates[at]?.timezone ?? config.timezone,
      clockShiftSeconds: dates[at]?.serverLagSeconds ?? 0,
      latestEpochSeconds: dates[at]?.latestEpochSeconds ?? 0,
    })),
    config: config.effective,
  };
}

/** Of what decides which visits there are, besides what stands in the journal by itself. How they are sent may change. */
function fingerprint({
  seed,
  runId,
  backfill,
  arrivals,
  distribution,
  traffic,
  targets,
}: BackfillConfig): string {
  const { allowLong: _, ...window } = backfill;
  const sites = targets.map(({ name, url, siteId, weight, traffic: own }) => ({
    name,
    url: url.href,
    siteId,
    weight,
    traffic: own,
  }));
  const parts = { seed, runId, window, arrivals, distribution, traffic, sites };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Visits a second at one target, of those that the configuration allows in all. */
function rateOf({ visitsPerSecond, distribution, targets }: BackfillConfig, at: number): number {
  const own = distribution === 'independent' ? targets[at]?.visitsPerSecond : undefined;
  const rate = own ?? visitsPerSecond;
  if (rate === 'max') return Number.POSITIVE_INFINITY;
  if (distribution !== 'split') return rate;
  return (rate * (targets[at]?.weight ?? 0)) / targets.reduce((sum, { weight }) => sum + weight, 0);
}

function timezoneOf({ config, dates }: Ready, at: number): string {
  return dates[at]?.timezone ?? config.timezone;
}

function windowText({ window: { firstDay, lastDay, visitsPerDay } }: JournalHeader): string {
  return `${firstDay} to ${lastDay} with ${visitsPerDay} visits a day`;
}

/** Both ends belong. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function notTold(name: string, { message }: ReportingError): Failure {
  return new Failure(
    'SERVER_UNREADABLE',
    `${name}: cannot ask what it has recorded of the visits under way at the break: ${message}`,
    {
      hint: 'Nothing more was sent. Go on with --resume when its Reporting API answers.',
    },
  );
}

function refused(name: string, detail: string): Failure {
  return new Failure('TARGET_REFUSED', `${name}: its token was refused: ${detail}`, {
    hint: 'Old dates need a token that may write to the site.',
  });
}
