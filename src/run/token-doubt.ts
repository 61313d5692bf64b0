/** Rejections in a row that make a token doubtful. */
const REJECTIONS_TO_DOUBT = 3;

/**
 * Whether a token that was good at the start should be asked about once more: hits that carry it have begun to be
 * rejected. Once a run, because about 20 refusals lock the sender out.
 */
export class TokenDoubt {
  #rejectionsInARow = 0;
  #mayArise: boolean;

  /** @param hitsNeedToken without it rejections have other reasons */
  constructor(hitsNeedToken: boolean) {
    this.#mayArise = hitsNeedToken;
  }

  accepted(): void {
    this.#rejectionsInARow = 0;
  }

  /** @returns whether the token is to be asked about now */
  rejected(): boolean {
    this.#rejectionsInARow++;
    if (!this.#mayArise || this.#rejectionsInARow < REJECTIONS_TO_DOUBT) return false;
    this.#mayArise = false;
    return true;
  }
}
