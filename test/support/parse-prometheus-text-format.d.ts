declare module 'parse-prometheus-text-format' {
  export interface Family {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    /** Numbers are texts, as they stood there. */
    readonly metrics: readonly {
      readonly labels?: Readonly<Record<string, string>>;
      readonly value?: string;
      readonly buckets?: Readonly<Record<string, string>>;
      readonly sum?: string;
      readonly count?: string;
    }[];
  }

  // biome-ignore lint/style/noDefaultExport: the package has no other
  export default function parse(text: string): readonly Family[];
}
