import type { SiteSettings } from '../matomo/reporting/site.ts';
import type { ProbeResult } from '../matomo/token-probe.ts';

/** What a target says before the first hit. */
export interface TargetAnswers {
  /** undefined: no token, or not asked. */
  readonly token: ProbeResult | undefined;
  readonly site: SiteSettings | undefined;
  /** How far its clock is behind ours, where that matters: see `clock-difference.ts`. undefined: not known. */
  readonly serverLagSeconds: number | undefined;
}

/** Of a target without a token: it cannot be asked. */
export const nothingTold: TargetAnswers = { token: undefined, site: undefined, serverLagSeconds: undefined };
