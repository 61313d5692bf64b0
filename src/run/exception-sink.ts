import type { HitException } from './report.ts';

/** Where the exceptions go that a report has no room for, as they come. */
export interface ExceptionSink {
  /** Called for hits: it neither throws nor waits. @param target its name */
  add(target: string, exception: HitException): void;
  /**
   * All have been added; asked once, before the report is made. Never rejects.
   *
   * @returns the name of the file they are in, beside the report; null: there is none
   */
  close(): Promise<string | null>;
}
