/** The times a run goes by. Tests set `epochMs`, so that a run can be placed around any midnight. */
export interface Clock {
  /** Of the wall: ms since 1970. */
  epochMs(): number;
}

export const systemClock: Clock = { epochMs: () => Date.now() };
