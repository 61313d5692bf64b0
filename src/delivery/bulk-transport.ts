import { bulkLine, closeBulk, openBulk } from '../matomo/bulk.ts';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import { hitParameters } from '../matomo/parameters.ts';
import { judgeBulk, type Reply } from '../matomo/reply.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchange } from './exchange.ts';
import {
  type Delivery,
  REPEATS_OF_ROLLED_BACK_BULK,
  REPEATS_WHEN_BUSY,
  repeatDelayMs,
  type Transport,
} from './transport.ts';

/** How long a body waits to be filled. */
const FILL_MS = 200;

/**
 * Many hits a request. A body goes out when it is full or 200 ms after its first hit. One visitor is never in two
 * bodies at once, because a visit hands its next hits over only after the verdict on the last.
 */
export class BulkTransport implements Transport {
  readonly hitsTogether: number;
  readonly #endpoint: Endpoint;
  readonly #busy = new Set<BulkRequest>();
  #filling: BulkRequest | undefined;
  #fillTimer: NodeJS.Timeout | undefined;
  #ended: Verdict | undefined;

  constructor(endpoint: Endpoint, batchSize: number) {
    this.#endpoint = endpoint;
    this.hitsTogether = batchSize;
  }

  deliver(delivery: Delivery): void {
    if (this.#ended !== undefined) {
      settle(delivery, this.#ended);
      return;
    }
    // A visit's hits stay in one body: what does not fit begins the next.
    if (this.#filling !== undefined && this.#filling.hits + delivery.count > this.hitsTogether) this.#flush();
    if (this.#filling === undefined) {
      this.#filling = new BulkRequest(this.#endpoint, request => this.#busy.delete(request));
      this.#fillTimer = setTimeout(() => this.#flush(), FILL_MS);
    }
    this.#filling.add(delivery);
    if (this.#filling.hits >= this.hitsTogether) this.#flush();
  }

  abort(cause: string): void {
    this.#ended = verdict('skipped', cause);
    const filling = this.#filling;
    clearTimeout(this.#fillTimer);
    this.#filling = undefined;
    filling?.abandon(this.#ended);
    for (const request of this.#busy) request.abort(cause);
  }

  #flush(): void {
    const request = this.#filling;
    if (request === undefined) return;
    clearTimeout(this.#fillTimer);
    this.#filling = undefined;
    this.#busy.add(request);
    request.begin();
  }
}

class BulkRequest extends Exchange {
  hits = 0;
  readonly #endpoint: Endpoint;
  readonly #ended: (request: BulkRequest) => void;
  readonly #deliveries: Delivery[] = [];
  #body = openBulk;
  /** Of each kind: after 500, and after 429 and 503. */
  #repeatsOfRolledBack = 0;
  #repeatsWhenBusy = 0;
  #repeatTimer: NodeJS.Timeout | undefined;
  #aborted: string | undefined;

  constructor(endpoint: Endpoint, ended: (request: BulkRequest) => void) {
    super(endpoint.deadlines);
    this.#endpoint = endpoint;
    this.#ended = ended;
  }

  add(delivery: Delivery): void {
    for (let at = delivery.first; at < delivery.first + delivery.count; at++) {
      if (this.hits > 0) this.#body += ',';
      this.#body += bulkLine(hitParameters(this.#endpoint.site, delivery.visit, at));
      this.hits++;
    }
    this.#deliveries.push(delivery);
  }

  begin(): void {
    this.#body += closeBulk(this.#endpoint.token);
    this.#send();
  }

  /** It was never sent. */
  abandon(judgement: Verdict): void {
    for (const delivery of this.#deliveries) settle(delivery, judgement);
  }

  abort(cause: string): void {
    this.#aborted = cause;
    if (this.#repeatTimer !== undefined) {
      clearTimeout(this.#repeatTimer);
      this.#settleAll(verdict('failed', cause, 'the server had asked to be tried later'));
    }
  }

  protected override written(): void {
    for (const delivery of this.#deliveries) delivery.onSent(this.writtenMs);
  }

  protected override answered(reply: Reply): void {
    const judgement = judgeBulk(reply, this.hits);
    if (judgement !== 'again') {
      this.#settleEach(judgement);
      return;
    }
    const repeats = this.#repeatsOfRolledBack + this.#repeatsWhenBusy;
    const isOver =
      reply.status === 500
        ? this.#repeatsOfRolledBack++ === REPEATS_OF_ROLLED_BACK_BULK
        : this.#repeatsWhenBusy++ === REPEATS_WHEN_BUSY;
    if (isOver || this.#aborted !== undefined) {
      this.#settleAll(
        verdict('failed', `HTTP_${reply.status}`, `status ${reply.status}, tried ${repeats + 1} times`),
      );
      return;
    }
    const waitMs = repeatDelayMs(reply.headers.get('retry-after'), repeats, Date.now());
    this.#repeatTimer = setTimeout(() => {
      this.#repeatTimer = undefined;
      this.#send();
    }, waitMs);
  }

  protected override broken(written: boolean, cause: string, example: string): void {
    if (written) this.#settleAll(verdict('unknown', this.#aborted ?? cause, example));
    else if (this.#aborted !== undefined) this.#settleAll(verdict('skipped', this.#aborted));
    else this.#settleAll(verdict('failed', cause, example));
  }

  #send(): void {
    this.send(this.#endpoint.dispatcher, {
      method: 'POST',
      path: this.#endpoint.path,
      headers: this.#endpoint.jsonHeaders,
      body: this.#body,
    });
  }

  #settleAll(judgement: Verdict): void {
    this.#ended(this);
    for (const delivery of this.#deliveries) settle(delivery, judgement);
  }

  #settleEach(verdicts: readonly Verdict[]): void {
    this.#ended(this);
    const nowMs = performance.now();
    let line = 0;
    for (const delivery of this.#deliveries) {
      const { first, count } = delivery;
      for (let at = first; at < first + count; at++)
        delivery.onVerdict(at, verdicts[line++] as Verdict, nowMs);
    }
  }
}

function settle(delivery: Delivery, judgement: Verdict): void {
  const { first, count } = delivery;
  const nowMs = performance.now();
  for (let at = first; at < first + count; at++) delivery.onVerdict(at, judgement, nowMs);
}
