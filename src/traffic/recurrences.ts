import { Purpose, randomStream } from '../base/random.ts';

/** Whose visit an index is, and which of that visitor's. */
export interface Recurrence {
  /** The index of the visitor's first visit, which the visitor is known by. */
  readonly firstIndex: number;
  /** 1 for the first. */
  readonly visitNumber: number;
  /** How many more the visitor makes if the plan goes on for long enough; 0 where that shapes no date. */
  readonly visitsToCome: number;
}

/** The only visit of a visitor. */
export function onlyVisit(index: number): Recurrence {
  return { firstIndex: index, visitNumber: 1, visitsToCome: 0 };
}

/** How visits are laid out to find whose they are. */
export interface Layout {
  /** Share of the visits that are a visitor's second or later one, 0–1. */
  readonly share: number;
  /** Visits that lie between two of one visitor, and one. */
  readonly columns: number;
  /** The most visits of one visitor; infinite where no date depends on those to come. */
  readonly rows: number;
  /** The least time from the beginning of one visit of a visitor to that of the next; undefined: any. */
  readonly leastMs: number | undefined;
}

/**
 * Tells of each visit whose it is. Visits are laid out row by row; below the first row of a block a visit is, by chance,
 * of the visitor whose visit stands above it, or of a new one. So a visitor's visits are the next one in a column each
 * time: what a visit depends on are the `rows` of its column, and nothing that is sent.
 *
 * Asked for every visit, in order. With the same arrivals it says the same again, on any machine and in any shard.
 */
export class Recurrences {
  readonly #seed: number;
  readonly #layout: Layout;
  readonly #numberOf: (position: number) => number;
  readonly #probability: number;
  /** By column, of the visit above. */
  readonly #firstIndex: Float64Array;
  readonly #visitNumber: Float64Array;
  readonly #startMs: Float64Array;
  #position = 0;

  /** @param numberOf what is drawn for a visit belongs to this number: no other visit of the run may have it */
  constructor(seed: number, layout: Layout, numberOf: (position: number) => number = position => position) {
    this.#seed = seed;
    this.#layout = layout;
    this.#numberOf = numberOf;
    const { columns } = layout;
    this.#probability = probabilityBelow(layout);
    this.#firstIndex = new Float64Array(columns);
    this.#visitNumber = new Float64Array(columns);
    this.#startMs = new Float64Array(columns);
  }

  /** @param startMs when it begins; null where there is no schedule */
  next(index: number, startMs: number | null): Recurrence {
    const { columns } = this.#layout;
    const position = this.#position++;
    const column = position % columns;
    const returns = this.#returns(position) && this.#hasRested(column, startMs);
    if (!returns) this.#firstIndex[column] = index;
    this.#visitNumber[column] = returns ? (this.#visitNumber[column] as number) + 1 : 1;
    this.#startMs[column] = startMs ?? 0;
    return {
      firstIndex: this.#firstIndex[column] as number,
      visitNumber: this.#visitNumber[column] as number,
      visitsToCome: this.#toCome(position),
    };
  }

  #returns(position: number): boolean {
    const { columns, rows } = this.#layout;
    const row = Math.floor(position / columns);
    // No row of infinitely many is the first again: x % Infinity is x.
    if (row % rows === 0) return false;
    return randomStream(this.#seed, Purpose.Return, this.#numberOf(position)).chance(this.#probability);
  }

  #hasRested(column: number, startMs: number | null): boolean {
    const { leastMs } = this.#layout;
    if (leastMs === undefined) return true;
    return startMs !== null && startMs - (this.#startMs[column] as number) >= leastMs;
  }

  #toCome(position: number): number {
    const { columns, rows, leastMs } = this.#layout;
    if (leastMs !== undefined || !Number.isFinite(rows)) return 0;
    let count = 0;
    while (this.#returns(position + (count + 1) * columns)) count++;
    return count;
  }
}

/**
 * The share that so many visits will have on the mean: less than is asked for where many of them are in first rows.
 *
 * @param visits infinite where a run has no end
 */
export function expectedShare(layout: Layout, visits: number): number {
  const { columns, rows } = layout;
  const probability = probabilityBelow(layout);
  if (visits <= columns) return 0;
  if (!Number.isFinite(visits)) return Number.isFinite(rows) ? probability * (1 - 1 / rows) : probability;
  if (!Number.isFinite(rows)) return probability * (1 - columns / visits);
  const block = rows * columns;
  const whole = Math.floor(visits / block);
  const rest = visits - whole * block;
  const below = whole * (block - columns) + Math.max(0, rest - columns);
  return probability * (below / visits);
}

/** Rows below the first of a block return more often than visits do on the mean, because that one never does. */
function probabilityBelow({ share, rows }: Layout): number {
  return Number.isFinite(rows) ? Math.min(1, (share * rows) / (rows - 1)) : share;
}
