import { BulkBody } from '../matomo/bulk.ts';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import { hitParameters, visitParameters } from '../matomo/parameters.ts';
import { judgeBulk, type Reply } from '../matomo/reply.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchange } from './exchange.ts';
import type { TargetConfig } from './target-config.ts';
import { BULK_FILL_MS, type Delivery, settleDelivery, type Transport } from './transport.ts';
import { UnderWay } from './under-way.ts';

/**
 * Many hits a request. A body goes out when it is full, when every visit that the in-flight cap allows is in it, so that no
 * other can come before its answer, or 200 ms after its first hit. One visitor is never in two bodies at once, because a
 * visit hands its next hits over only after the verdict on the last.
 */
export class BulkTransport implements Transport {
  readonly hitsTogether: number;
  readonly #endpoint: Endpoint;
  readonly #mostVisits: number;
  /** Sent, and not settled yet. */
  readonly #underWay = new UnderWay<BulkRequest>();
  #filling: BulkRequest | undefined;
  #fillTimer: NodeJS.Timeout | undefined;
  #ended: Verdict | undefined;
  #likelyBytes = 0;

  constructor(
    endpoint: Endpoint,
    { batchSize, concurrency }: Pick<TargetConfig, 'batchSize' | 'concurrency'>,
  ) {
    this.#endpoint = endpoint;
    this.hitsTogether = batchSize;
    this.#mostVisits = concurrency;
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
      this.#filling = this.#newRequest();
      this.#fillTimer = setTimeout(() => this.#flush(), BULK_FILL_MS);
    }
    this.#filling.add(delivery);
    const { hits, visits } = this.#filling;
    if (hits >= this.hitsTogether || visits >= this.#mostVisits) this.#flush();
  }

  deliverTogether(deliveries: readonly Delivery[]): void {
    const request = this.#newRequest();
    for (const delivery of deliveries) request.add(delivery);
    if (this.#ended === undefined) this.#send(request);
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

  #newRequest(): BulkRequest {
    return new BulkRequest(this.#endpoint, this.#underWay, this.#likelyBytes);
  }

  #send(request: BulkRequest): void {
    // The next is about as long, and then some.
    this.#likelyBytes = Math.ceil(request.sendAll() * 1.1);
  }

  #flush(): void {
    const request = this.#taken();
    if (request !== undefined) this.#send(request);
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
  readonly #endpoint: Endpoint;
  readonly #underWay: UnderWay<BulkRequest>;
  readonly #deliveries: Delivery[] = [];
  readonly #body: BulkBody;

  constructor(endpoint: Endpoint, underWay: UnderWay<BulkRequest>, likelyBytes: number) {
    super(endpoint);
    this.#endpoint = endpoint;
    this.#underWay = underWay;
    this.#body = new BulkBody(likelyBytes);
  }

  get hits(): number {
    return this.#body.hits;
  }

  /** A visit is in it once: it hands hits over again only after the verdict on these. */
  get visits(): number {
    return this.#deliveries.length;
  }

  add(delivery: Delivery): void {
    const { visit } = delivery;
    const { site } = this.#endpoint;
    delivery.ofVisit ??= visitParameters(site, visit);
    for (let at = delivery.first; at < delivery.first + delivery.count; at++) {
      this.#body.add(hitParameters(site, visit, at, delivery.ofVisit));
    }
    this.#deliveries.push(delivery);
  }

  /** @returns how long its body is, in bytes */
  sendAll(): number {
    this.#underWay.add(this);
    const { path, jsonHeaders: headers, token } = this.#endpoint;
    const body = this.#body.closed(token);
    this.begin({ method: 'POST', path, headers, body });
    return body.length;
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
