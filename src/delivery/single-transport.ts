import type { Dispatcher } from 'undici';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import { hitParameters, visitParameters } from '../matomo/parameters.ts';
import { judgeSingle, type Reply } from '../matomo/reply.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchange } from './exchange.ts';
import type { Delivery, Transport } from './transport.ts';

/** One request a hit: GET, or POST with a form body. A hit that needs the token is always a POST: a URL ends up in logs. */
export class SingleTransport implements Transport {
  readonly hitsTogether = 1;
  readonly #endpoint: Endpoint;
  readonly #requests: SingleRequest[] = [];
  readonly #idle: SingleRequest[] = [];
  #ended: Verdict | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get heldUntilMs(): number {
    return this.#endpoint.heldUntilMs;
  }

  deliver(delivery: Delivery): void {
    if (this.#ended !== undefined) delivery.onVerdict(delivery.first, this.#ended, performance.now());
    else (this.#idle.pop() ?? this.#oneMore()).carry(delivery);
  }

  deliverTogether(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.deliver(delivery);
  }

  /** Nothing is put together here: what was delivered is on its way. */
  hold(): void {}

  release(): void {}

  end(cause: string): void {
    this.#ended = verdict('skipped', cause);
    for (const request of this.#requests) request.end(cause);
  }

  #oneMore(): SingleRequest {
    const request = new SingleRequest(this.#endpoint, this.#idle);
    this.#requests.push(request);
    return request;
  }
}

/** Carries hit after hit. What is sent is put together here and nowhere kept: a hit costs its text and nothing else. */
class SingleRequest extends Exchange {
  readonly #endpoint: Endpoint;
  readonly #idle: SingleRequest[];
  readonly #options: Dispatcher.DispatchOptions;
  #delivery: Delivery | undefined;

  constructor(endpoint: Endpoint, idle: SingleRequest[]) {
    super(endpoint);
    this.#endpoint = endpoint;
    this.#idle = idle;
    this.#options = endpoint.usesPost
      ? { method: 'POST', path: endpoint.path, headers: endpoint.formHeaders, body: '' }
      : { method: 'GET', path: endpoint.path, headers: endpoint.headers };
  }

  carry(delivery: Delivery): void {
    this.#delivery = delivery;
    const { site } = this.#endpoint;
    delivery.ofVisit ??= visitParameters(site, delivery.visit);
    const parameters = hitParameters(site, delivery.visit, delivery.first, delivery.ofVisit);
    if (this.#endpoint.usesPost) this.#options.body = parameters + this.#endpoint.formToken;
    else this.#options.path = this.#endpoint.queryPath + parameters;
    this.begin(this.#options);
  }

  protected override written(): void {
    this.#delivery?.onSent(this.writtenMs);
  }

  protected override answered(reply: Reply): void {
    const judgement = judgeSingle(reply);
    if (judgement === 'again') this.repeat(reply, 'busy');
    else this.settle(judgement);
  }

  protected override settle(judgement: Verdict): void {
    const delivery = this.#delivery;
    this.#delivery = undefined;
    this.#idle.push(this);
    delivery?.onVerdict(delivery.first, judgement, performance.now());
  }
}
