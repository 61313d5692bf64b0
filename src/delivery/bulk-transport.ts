import { bulkLine, closeBulk, openBulk } from '../matomo/bulk.ts';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import { hitParameters, visitParameters } from '../matomo/parameters.ts';
import { judgeBulk, type Reply } from '../matomo/reply.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchange } from './exchange.ts';
import { type Delivery, settleDelivery, type Transport } from './transport.ts';
import { UnderWay } from './under-way.ts';

/** How long a body waits to be filled. */
const FILL_MS = 200;

/**
 * Many hits a request. A body goes out when it is full or 200 ms after its first hit. One visitor is never in two
 * bodies at once, because a visit hands its next hits over only after the verdict on the last.
 */
export class BulkTransport implements Transport {
  readonly hitsTogether: number;
  readonly #endpoint: Endpoint;
  /** Sent, and not settled yet. */
  readonly #underWay = new UnderWay<BulkRequest>();
  #filling: BulkRequest | undefined;
  #fillTimer: NodeJS.Timeout | undefined;
  #ended: Verdict | undefined;

  constructor(endpoint: Endpoint, batchSize: number) {
    this.#endpoint = endpoint;
    this.hitsTogether = batchSize;
  }

  get heldUntilMs(): number {
    return this.#endpoint.heldUntilMs;
  }

  deliver(delivery: Delivery): void {
    if (this.#ended !== undefined) {
      settleDelivery(delivery, this.#ended, performance.now());
      return;
    }
    // A visit's hits stay in one body: what does not fit begins the next.
    if (this.#filling !== undefined && this.#filling.hits + delivery.count > this.hitsTogether) this.#flush();
    if (this.#filling === undefined) {
      this.#filling = new BulkRequest(this.#endpoint, this.#underWay);
      this.#fillTimer = setTimeout(() => this.#flush(), FILL_MS);
    }
    this.#filling.add(delivery);
    if (this.#filling.hits >= this.hitsTogether) this.#flush();
  }

  deliverTogether(deliveries: readonly Delivery[]): void {
    const request = new BulkRequest(this.#endpoint, this.#underWay);
    for (const delivery of deliveries) request.add(delivery);
    if (this.#ended === undefined) request.sendAll();
    else request.settle(this.#ended);
  }

  hold(): void {
    clearTimeout(this.#fillTimer);
  }

  /** What was held has waited long enough. */
  release(): void {
    this.#flush();
  }

  end(cause: string): void {
    this.#ended = verdict('skipped', cause);
    for (const request of this.#underWay) request.end(cause);
    this.#taken()?.settle(this.#ended);
  }

  #flush(): void {
    this.#taken()?.sendAll();
  }

  /** The body being filled, which is filled no more. */
  #taken(): BulkRequest | undefined {
    clearTimeout(this.#fillTimer);
    const request = this.#filling;
    this.#filling = undefined;
    return request;
  }
}

/** One body and its answer. */
class BulkRequest extends Exchange {
  hits = 0;
  readonly #endpoint: Endpoint;
  readonly #underWay: UnderWay<BulkRequest>;
  readonly #deliveries: Delivery[] = [];
  #lines = openBulk;

  constructor(endpoint: Endpoint, underWay: UnderWay<BulkRequest>) {
    super(endpoint);
    this.#endpoint = endpoint;
    this.#underWay = underWay;
  }

  add(delivery: Delivery): void {
    const { visit } = delivery;
    const { site } = this.#endpoint;
    delivery.ofVisit ??= visitParameters(site, visit);
    for (let at = delivery.first; at < delivery.first + delivery.count; at++) {
      if (this.hits > 0) this.#lines += ',';
      this.#lines += bulkLine(hitParameters(site, visit, at, delivery.ofVisit));
      this.hits++;
    }
    this.#deliveries.push(delivery);
  }

  sendAll(): void {
    this.#underWay.add(this);
    const { path, jsonHeaders: headers, token } = this.#endpoint;
    this.begin({ method: 'POST', path, headers, body: this.#lines + closeBulk(token) });
  }

  protected override written(): void {
    for (const delivery of this.#deliveries) delivery.onSent(this.writtenMs);
  }

  protected override answered(reply: Reply): void {
    const verdicts = judgeBulk(reply, this.hits);
    if (verdicts === 'again') {
      this.repeat(reply, reply.status === 500 ? 'rolledBack' : 'busy');
      return;
    }
    this.#underWay.delete(this);
    const nowMs = performance.now();
    let line = 0;
    for (const delivery of this.#deliveries) {
      const { first, count } = delivery;
      for (let at = first; at < first + count; at++)
        delivery.onVerdict(at, verdicts[line++] as Verdict, nowMs);
    }
  }

  override settle(judgement: Verdict): void {
    this.#underWay.delete(this);
    const nowMs = performance.now();
    for (const delivery of this.#deliveries) settleDelivery(delivery, judgement, nowMs);
  }
}
