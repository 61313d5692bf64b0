/** How long the parts of loading a page took: whole milliseconds. */
export interface PageTimings {
  readonly network: number;
  readonly server: number;
  readonly transfer: number;
  readonly domProcessing: number;
  readonly domCompletion: number;
  readonly onLoad: number;
}
