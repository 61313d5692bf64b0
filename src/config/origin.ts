/** Where a value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'preset'; readonly name: string; readonly shipped: boolean; readonly place?: string }
  | { readonly kind: 'file'; readonly place: string }
  | { readonly kind: 'env-file'; readonly variable: string; readonly place: string }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag'; readonly flag: string };

/** As people read it; `place` is `file:line:column`. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'preset':
      return `preset ${origin.shipped ? origin.name : (origin.place ?? origin.name)}`;
    case 'file':
      return origin.place;
    case 'env-file':
      return `${origin.variable} in ${origin.place}`;
    case 'environment':
      return `environment variable ${origin.variable}`;
    case 'flag':
      return origin.flag;
  }
}

/** One value of one layer, by the key it is for (`traffic.pageviews.min`). */
export interface Entry {
  readonly path: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** The variable a `${VAR}` reference or `tokenEnv` took it from. */
  readonly variable?: string;
  /** A secret map as a file may say it again: the references it was given as, null for what stood there itself. */
  readonly template?: Readonly<Record<string, string | null>>;
  /** Where a part of a list stands: its place in the list, then keys. */
  readonly placeOf?: (keys: readonly string[]) => Origin;
  /** What a legacy variable's own limits say against it. Told only if no later layer overrides it. */
  readonly violation?: string;
}

/** Something wrong with the configuration. Values of secrets never get into one. */
export interface Problem {
  readonly path: string;
  readonly value?: unknown;
  /** What must hold, as the rest of a sentence: `must be at most 1`. */
  readonly rule: string;
  readonly from: string;
}

/** A target as one source gives it: keys begin at the target. */
export interface GivenTarget {
  readonly origin: Origin;
  readonly entries: readonly Entry[];
}

/** What one source says. `targets`: its list of them, if it has one. `broken`: it could not be read in full, so that what it lacks is not missing. */
export interface Layer {
  readonly entries: readonly Entry[];
  readonly targets?: readonly GivenTarget[];
  readonly problems: readonly Problem[];
  readonly broken: boolean;
}
