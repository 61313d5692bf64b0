import type { Outcome, Verdict } from '../matomo/outcome.ts';
import { hitParameters, type SiteParameters } from '../matomo/parameters.ts';
import type { Visit } from '../traffic/visit.ts';
import type { Flight } from './flight.ts';

/** A hit that has its outcome. Times are in ms from the start of the run. */
export interface HitRecord {
  /** Of the visit, in the plan. */
  readonly index: number;
  /** Of the hit in it, from 0. */
  readonly hit: number;
  readonly target: string;
  readonly type: string;
  /** null without a schedule. */
  readonly dueMs: number | null;
  /** null: its bytes never went out. */
  readonly sentMs: number | null;
  /** null: it was never tried. */
  readonly answeredMs: number | null;
  /** null where no yes and no no came. */
  readonly latencyMs: number | null;
  readonly outcome: Outcome;
  /** Its outcome may be another's of the same body. */
  readonly inDoubt?: true;
  /** As errors are counted in the report; null: accepted. */
  readonly error: string | null;
  /** What Matomo got, without the token. */
  readonly params: Readonly<Record<string, string>>;
}

/** Where every hit of a run goes that asks for it. */
export interface HitSink {
  /** Called for each hit: it does not throw. */
  add(record: HitRecord): void;
  /** Who is told at once, in words, that some will be missing in it. */
  whenBroken?(tell: (message: string) => void): void;
}

/** Tells the hits of one target, as they end. A run that asks for none has none of these: a hit costs it a comparison. */
export class HitLog {
  readonly #sink: HitSink;
  readonly #target: string;
  readonly #site: SiteParameters;
  readonly #startMs: number;

  /** @param startMs of the run, on the clock of `performance.now()` */
  constructor(sink: HitSink, target: string, site: SiteParameters, startMs: number) {
    this.#sink = sink;
    this.#target = target;
    this.#site = site;
    this.#startMs = startMs;
  }

  settled(flight: Flight, at: number, verdict: Verdict, nowMs: number): void {
    const { visit, isWritten, writtenMs } = flight;
    const isAnswered = verdict.outcome === 'accepted' || verdict.outcome === 'rejected';
    this.#add(visit, at, verdict, {
      dueMs: visit.startMs === null ? null : rounded(flight.dueMs(at) - this.#startMs),
      sentMs: isWritten ? rounded(writtenMs - this.#startMs) : null,
      answeredMs: rounded(nowMs - this.#startMs),
      latencyMs: isWritten && isAnswered ? rounded(nowMs - writtenMs) : null,
    });
  }

  /** The hits of a visit from `from` on are never tried. */
  skipped(visit: Visit, from: number, verdict: Verdict): void {
    for (let at = from; at < visit.hits.length; at++) {
      const dueMs = visit.startMs === null ? null : rounded(visit.startMs + (visit.hits[at]?.sendMs ?? 0));
      this.#add(visit, at, verdict, { dueMs, sentMs: null, answeredMs: null, latencyMs: null });
    }
  }

  #add(
    visit: Visit,
    at: number,
    { outcome, inDoubt, cause }: Verdict,
    times: Pick<HitRecord, 'dueMs' | 'sentMs' | 'answeredMs' | 'latencyMs'>,
  ): void {
    this.#sink.add({
      index: visit.index,
      hit: at,
      target: this.#target,
      type: visit.hits[at]?.type ?? '',
      ...times,
      outcome,
      ...(inDoubt && { inDoubt }),
      error: cause === '' ? null : cause,
      // Read back from what is sent, so that it cannot say anything else.
      params: Object.fromEntries(new URLSearchParams(hitParameters(this.#site, visit, at))),
    });
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
