/** One page of the visited site. */
export interface Page {
  /** Absolute. */
  readonly url: string;
  readonly title: string;
}
