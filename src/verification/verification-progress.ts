/** Where the verification of a target stands. */
export interface VerificationProgress {
  readonly target: string;
  /** `reading`: its visits or totals are being read; `waiting`: for what is not there yet. */
  readonly stage: 'reading' | 'waiting';
  /** Visits of the plan that are there. */
  readonly found: number;
  /** Visits of the plan. */
  readonly expected: number;
  /** Until it is taken as it is; null where nothing is waited for. */
  readonly leftMs: number | null;
}

export type ProgressListener = (progress: VerificationProgress) => void;
