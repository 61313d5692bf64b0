/** What a page of the shop shows: a product, or, without a `sku`, all products of a category. */
export interface ProductView {
  readonly sku: string | undefined;
  /** '' for a category. */
  readonly name: string;
  readonly category: string;
  /** Undefined for a category. */
  readonly priceCents: number | undefined;
}
