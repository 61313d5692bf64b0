import type { Parcel } from './parcel.ts';

export interface TokenQuestionOptions {
  /** What the server says of the token. Never rejects. */
  ask(): Promise<'good' | 'refused' | 'unclear'>;
  /** The token is good: the hits themselves were refused. */
  refused(parcel: Parcel): void;
  /** With a token that is taken they will be, too. */
  toSendAgain(parcel: Parcel): void;
  /** The token is not taken, or nobody says so. */
  lost(): void;
  /** The question has come to its end. */
  asked(): void;
}

/** A token that was good so short a time ago is not asked about again. */
const HOLDS_MS = 60_000;

/**
 * Parcels that were wholly refused: by the site, or because the token is. Nothing is sent while that is asked, because about
 * 20 refusals lock the sender out.
 */
export class TokenQuestion {
  isAsking = false;
  readonly #options: TokenQuestionOptions;
  #parcels: Parcel[] = [];
  #goodMs = Number.NEGATIVE_INFINITY;

  constructor(options: TokenQuestionOptions) {
    this.#options = options;
  }

  get parcels(): readonly Parcel[] {
    return this.#parcels;
  }

  /** Whether a refusal could be the token's. */
  isOpen(nowMs: number): boolean {
    return nowMs - this.#goodMs > HOLDS_MS;
  }

  /** @returns whether it is asked because of this one */
  add(parcel: Parcel): boolean {
    this.#parcels.push(parcel);
    if (this.isAsking) return false;
    this.isAsking = true;
    void this.#options.ask().then(result => this.#heed(result));
    return true;
  }

  #heed(result: 'good' | 'refused' | 'unclear'): void {
    this.isAsking = false;
    const parcels = this.#parcels.splice(0);
    if (result === 'good') {
      this.#goodMs = performance.now();
      for (const parcel of parcels) this.#options.refused(parcel);
    } else {
      for (const parcel of parcels) this.#options.toSendAgain(parcel);
      this.#options.lost();
    }
    this.#options.asked();
  }
}
