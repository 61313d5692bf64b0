import type { Report, ThresholdResult } from './report.ts';
import type { RunStanding } from './standing.ts';

/** What a run is held to. The engine knows when to ask, and not what is asked. */
export interface Judge {
  /**
   * Asked several times a second: sentences on what must end the run, none while all is well. Left out: nothing does.
   *
   * @param standing of the whole run so far
   */
  readonly watch?: (standing: RunStanding, elapsedSeconds: number) => readonly string[];
  /** Asked once, at the end, when what was verified is in the report. */
  readonly judge: (report: Report) => readonly ThresholdResult[];
}
