import { isBulk, readBulk } from './bulk-request.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { Parameters } from './query-string.ts';
import { htmlType, pixelReply, type Reply, silentReply } from './reply.ts';
import { type Tracker, withTrackerHeaders } from './tracker-endpoint.ts';

/**
 * Takes tracking requests unseen and hands them on later, in their order and dated as they came: so the plugin
 * QueuedTracking works. Nothing is checked when it answers, and a bulk gets an image too.
 */
export class HitQueue implements Tracker {
  readonly #tracker: Tracker;
  readonly #waitMs: number;
  readonly #waiting = new Set<NodeJS.Timeout>();

  constructor(tracker: Tracker, waitSeconds: number) {
    this.#tracker = tracker;
    this.#waitMs = waitSeconds * 1000;
  }

  answer(request: IncomingRequest, epochSecond: number): Reply {
    if (isNothing(request) || request.query.queuedtracking === '0')
      return this.#tracker.answer(request, epochSecond);
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#tracker.answer(request, epochSecond);
    }, this.#waitMs);
    this.#waiting.add(timer);
    return takenUnseen(request);
  }

  /** Forgets what waits. */
  clear(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }
}

/** What a queue answers to whatever it takes. */
export function takenUnseen(request: IncomingRequest): Reply {
  const { query, form, body } = request;
  const outside: Parameters = Object.assign(Object.create(null), form, query);
  const wantsImage = outside.send_image !== '0' && (!isBulk(body) || readBulk(body, outside).wantsAnswer);
  return withTrackerHeaders(wantsImage ? pixelReply() : silentReply(htmlType), request);
}

function isNothing({ query, form, body }: IncomingRequest): boolean {
  return Object.keys(query).length === 0 && Object.keys(form).length === 0 && !isBulk(body);
}
