import type { ProbeResult } from '../matomo/token-probe.ts';
import { type Finding, finding } from './finding.ts';
import type { SiteFacts } from './site-facts.ts';

/** What is left out without a token, whatever is configured. */
export function withoutToken(isLooking: boolean): Finding {
  const notSent = 'hits carry no token: no addresses and no countries are sent, and nothing older than a day';
  return isLooking
    ? finding(
        'NO_TOKEN',
        notSent,
        'A token with write access (MATOMO_TOKEN_AUTH, or of --target its token-env) allows all that.',
      )
    : finding('NO_TOKEN', `${notSent}; the site itself is not looked at`);
}

/** What the Reporting API says of a token before the tracker is asked about it. */
export interface TokenKnowledge {
  /** undefined: the API said nothing, or was asked with another token. */
  readonly facts: Pick<SiteFacts, 'mayWrite'> | undefined;
  /** What the tracker said; undefined: it was not asked. */
  readonly probe: ProbeResult | undefined;
  readonly siteId: number;
}

/** Of the token that hits carry. */
export function tokenFindings({ facts, probe, siteId }: TokenKnowledge): Finding[] {
  if (facts?.mayWrite === false) {
    // It was not asked about: that would be a failed login, and the answer is known.
    return [finding('TOKEN_MAY_NOT_WRITE', `the token may not write to site ${siteId}`)];
  }
  switch (probe?.result) {
    case 'good':
      return [finding('TOKEN_GOOD', `the token may write to site ${siteId}`)];
    case 'refused':
      return [
        finding(
          'TOKEN_NOT_TAKEN',
          facts?.mayWrite === true
            ? 'the Reporting API takes the token, and the tracker refuses it in a bulk: it is one for secure requests only, or quite new'
            : `the tracker refuses the token: ${probe.detail}`,
        ),
      ];
    default:
      return [tokenUnchecked(facts?.mayWrite === true, probe?.detail)];
  }
}

function tokenUnchecked(mayWrite: boolean, detail: string | undefined): Finding {
  const why = detail === undefined ? 'the tracker takes no bulk without hits' : detail;
  return finding(
    'TOKEN_UNCHECKED',
    `the tracker could not be asked about the token (${why})${mayWrite ? '; the Reporting API says that it may write' : ''}`,
  );
}
