import type { Dispatcher } from 'undici';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import { hitParameters } from '../matomo/parameters.ts';
import { judgeSingle, type Reply } from '../matomo/reply.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchange } from './exchange.ts';
import { type Delivery, REPEATS_WHEN_BUSY, repeatDelayMs, type Transport } from './transport.ts';

/** One request a hit: GET, or POST with a form body. A hit that needs the token is always a POST: a URL ends up in logs. */
export class SingleTransport implements Transport {
  readonly hitsTogether = 1;
  readonly #endpoint: Endpoint;
  readonly #idle: SingleRequest[] = [];
  readonly #busy = new Set<SingleRequest>();
  #ended: Verdict | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  deliver(delivery: Delivery): void {
    if (this.#ended !== undefined) {
      delivery.onVerdict(delivery.first, this.#ended, performance.now());
      return;
    }
    const request = this.#idle.pop() ?? new SingleRequest(this.#endpoint, this);
    this.#busy.add(request);
    request.begin(delivery);
  }

  /** A request is free for another hit. */
  release(request: SingleRequest): void {
    this.#busy.delete(request);
    this.#idle.push(request);
  }

  abort(cause: string): void {
    this.#ended = verdict('skipped', cause);
    for (const request of this.#busy) request.abort(cause);
  }
}

class SingleRequest extends Exchange {
  readonly #endpoint: Endpoint;
  readonly #transport: SingleTransport;
  readonly #options: Dispatcher.DispatchOptions;
  #delivery: Delivery | undefined;
  #repeats = 0;
  #repeatTimer: NodeJS.Timeout | undefined;
  #aborted: string | undefined;

  constructor(endpoint: Endpoint, transport: SingleTransport) {
    super(endpoint.deadlines);
    this.#endpoint = endpoint;
    this.#transport = transport;
    this.#options = endpoint.usesPost
      ? { method: 'POST', path: endpoint.path, headers: endpoint.formHeaders, body: '' }
      : { method: 'GET', path: endpoint.path, headers: endpoint.headers };
  }

  begin(delivery: Delivery): void {
    this.#delivery = delivery;
    this.#repeats = 0;
    const parameters = hitParameters(this.#endpoint.site, delivery.visit, delivery.first);
    if (this.#endpoint.usesPost) this.#options.body = parameters + this.#endpoint.formToken;
    else this.#options.path = this.#endpoint.queryPath + parameters;
    this.send(this.#endpoint.dispatcher, this.#options);
  }

  abort(cause: string): void {
    this.#aborted = cause;
    if (this.#repeatTimer !== undefined) {
      clearTimeout(this.#repeatTimer);
      this.#settle(verdict('failed', cause, 'the server had asked to be tried later'));
    }
  }

  protected override written(): void {
    this.#delivery?.onSent(this.writtenMs);
  }

  protected override answered(reply: Reply): void {
    const judgement = judgeSingle(reply);
    if (judgement !== 'again') {
      this.#settle(judgement);
      return;
    }
    if (this.#repeats === REPEATS_WHEN_BUSY || this.#aborted !== undefined) {
      this.#settle(
        verdict('failed', `HTTP_${reply.status}`, `status ${reply.status}, tried ${this.#repeats + 1} times`),
      );
      return;
    }
    const waitMs = repeatDelayMs(reply.headers.get('retry-after'), this.#repeats++, Date.now());
    this.#repeatTimer = setTimeout(() => {
      this.#repeatTimer = undefined;
      this.send(this.#endpoint.dispatcher, this.#options);
    }, waitMs);
  }

  protected override broken(written: boolean, cause: string, example: string): void {
    if (written) this.#settle(verdict('unknown', this.#aborted ?? cause, example));
    else if (this.#aborted !== undefined) this.#settle(verdict('skipped', this.#aborted));
    else this.#settle(verdict('failed', cause, example));
  }

  #settle(judgement: Verdict): void {
    const delivery = this.#delivery as Delivery;
    this.#repeatTimer = undefined;
    this.#delivery = undefined;
    this.#transport.release(this);
    delivery.onVerdict(delivery.first, judgement, performance.now());
  }
}
