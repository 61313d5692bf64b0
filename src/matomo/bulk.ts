const opening = '{"requests":[';

/** What a body of a few hits takes. */
const LEAST_BYTES = 4096;

/**
 * A bulk body, written hit by hit into the memory it is sent from: text that grew to a hundred kilobytes would have to be
 * put together, and then written out as bytes.
 */
export class BulkBody {
  hits = 0;
  #bytes: Buffer;
  #length: number;

  /** @param likelyBytes how long it is likely to become; it may be longer */
  constructor(likelyBytes = 0) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(likelyBytes, LEAST_BYTES));
    this.#length = this.#bytes.write(opening, 'latin1');
  }

  /**
   * One more hit. Its line begins with `?`, because a line without a query part vanishes and shifts the indices after
   * it (contract case `bulk-line-without-question-mark`).
   *
   * @param parameters percent-encoded: they need no JSON escapes, and a byte each character
   */
  add(parameters: string): void {
    const line = (this.hits === 0 ? '"?' : ',"?') + parameters + '"';
    this.#makeRoom(line.length);
    this.#length += this.#bytes.write(line, this.#length, 'latin1');
    this.hits++;
  }

  /**
   * The whole body; nothing can be added then. The token belongs on top of the JSON: in the URL of a bulk POST it
   * authenticates no line (`old-cdt-bulk-token-in-query`).
   */
  closed(token: string | undefined): Buffer {
    const end = token === undefined ? ']}' : `],"token_auth":${JSON.stringify(token)}}`;
    const bytes = Buffer.from(end);
    this.#makeRoom(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    return this.#bytes.subarray(0, this.#length + bytes.length);
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const longer = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#length + bytes));
    this.#bytes.copy(longer, 0, 0, this.#length);
    this.#bytes = longer;
  }
}

/** A body of one hit. */
export function bulkOfOne(parameters: string, token: string | undefined): string {
  const body = new BulkBody();
  body.add(parameters);
  return body.closed(token).toString('utf8');
}
