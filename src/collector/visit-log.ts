import type { OrderBook } from './ecommerce.ts';
import type { Visit } from './visit.ts';

/**
 * All visits, found by site and visitor or by fingerprint without going through the others, and undone as a whole
 * when a bulk fails.
 */
export class VisitLog {
  readonly #visits: Visit[] = [];
  readonly #byVisitor = new Map<string, Visit[]>();
  readonly #byFingerprint = new Map<string, Visit[]>();
  readonly #orders = new Set<string>();
  readonly #changed = new Set<Visit>();
  #lastId = 0;
  #version = 0;
  #undo: Undo | undefined;

  /** In the order they were opened. */
  get visits(): readonly Visit[] {
    return this.#visits;
  }

  /** Another one whenever anything is recorded, changed, undone or forgotten. */
  get version(): number {
    return this.#version;
  }

  /** An id no visit had before, also none that was undone. */
  nextId(): number {
    return ++this.#lastId;
  }

  add(visit: Visit): void {
    this.#lastId = Math.max(this.#lastId, visit.id);
    this.#visits.push(visit);
    entry(this.#byVisitor, visitorKey(visit.siteId, visit.visitorId)).push(visit);
    entry(this.#byFingerprint, visit.fingerprint).push(visit);
    for (const { order } of visit.conversions)
      if (order !== null) this.#orders.add(orderKey(visit.siteId, order));
    this.#changed.add(visit);
    this.#version++;
  }

  /** To be called before a visit or anything in it is changed. */
  touch(visit: Visit): void {
    this.#changed.add(visit);
    this.#version++;
    if (this.#undo && visit.id <= this.#undo.lastId && !this.#undo.before.has(visit)) {
      this.#undo.before.set(visit, structuredClone(visit));
    }
  }

  /** Rewrites a visit's visitor id; `touch` goes before it. */
  renameVisitor(visit: Visit, visitorId: string): void {
    if (visit.visitorId === visitorId) return;
    remove(this.#byVisitor, visitorKey(visit.siteId, visit.visitorId), visit);
    visit.visitorId = visitorId;
    entry(this.#byVisitor, visitorKey(visit.siteId, visitorId)).push(visit);
  }

  /** The visitor's visit with the latest last action, none after `latest`; of several the one opened first. */
  lastOfVisitor(siteId: number, visitorId: string, latest: number): Visit | undefined {
    return lastOf(
      this.#byVisitor.get(visitorKey(siteId, visitorId)),
      visit => visit.lastActionAt <= latest,
      (one, other) => one.id < other.id,
    );
  }

  /**
   * The visit with this fingerprint whose last action lies within a window and which fits, the latest of several;
   * of those of one second the one opened last (the server's index runs that way, and the visitors' the other).
   */
  lastOfFingerprint(
    fingerprint: string,
    earliest: number,
    latest: number,
    fits: (visit: Visit) => boolean,
  ): Visit | undefined {
    return lastOf(
      this.#byFingerprint.get(fingerprint),
      visit => visit.lastActionAt >= earliest && visit.lastActionAt <= latest && fits(visit),
      (one, other) => one.id > other.id,
    );
  }

  /** The orders of a site. */
  orders(siteId: number): OrderBook {
    return {
      has: order => this.#orders.has(orderKey(siteId, order)),
      add: order => {
        const key = orderKey(siteId, order);
        this.#orders.add(key);
        this.#undo?.orders.push(key);
      },
    };
  }

  /** Runs `work`, and leaves everything as it was before where that throws. */
  transaction<T>(work: () => T): T {
    const undo: Undo = { lastId: this.#lastId, count: this.#visits.length, before: new Map(), orders: [] };
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      this.#rollBack(undo);
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** The visits opened or changed since the last call. */
  takeChanged(): Visit[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  clear(): void {
    this.#visits.length = 0;
    this.#byVisitor.clear();
    this.#byFingerprint.clear();
    this.#orders.clear();
    this.#changed.clear();
    this.#version++;
  }

  #rollBack({ count, before, orders }: Undo): void {
    this.#version++;
    for (const visit of this.#visits.splice(count)) {
      remove(this.#byVisitor, visitorKey(visit.siteId, visit.visitorId), visit);
      remove(this.#byFingerprint, visit.fingerprint, visit);
      this.#changed.delete(visit);
    }
    for (const [visit, old] of before) {
      this.renameVisitor(visit, old.visitorId);
      Object.assign(visit, old);
    }
    for (const key of orders) this.#orders.delete(key);
  }
}

interface Undo {
  readonly lastId: number;
  readonly count: number;
  readonly before: Map<Visit, Visit>;
  readonly orders: string[];
}

/** @param wins which of two visits with the same last second is taken */
function lastOf(
  visits: readonly Visit[] | undefined,
  fits: (visit: Visit) => boolean,
  wins: (one: Visit, other: Visit) => boolean,
): Visit | undefined {
  let last: Visit | undefined;
  if (!visits) return undefined;
  for (const visit of visits) {
    if (!fits(visit)) continue;
    const later = last === undefined ? 1 : visit.lastActionAt - last.lastActionAt;
    if (last === undefined || later > 0 || (later === 0 && wins(visit, last))) last = visit;
  }
  return last;
}

function entry(index: Map<string, Visit[]>, key: string): Visit[] {
  const known = index.get(key);
  if (known) return known;
  const fresh: Visit[] = [];
  index.set(key, fresh);
  return fresh;
}

function remove(index: Map<string, Visit[]>, key: string, visit: Visit): void {
  const left = index.get(key)?.filter(other => other !== visit) ?? [];
  if (left.length > 0) index.set(key, left);
  else index.delete(key);
}

function visitorKey(siteId: number, visitorId: string): string {
  return `${siteId}|${visitorId}`;
}

function orderKey(siteId: number, order: string): string {
  return `${siteId}|${order}`;
}
