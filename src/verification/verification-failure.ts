import { Failure } from '../base/failure.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { ReportingError } from '../matomo/reporting/reporting-error.ts';

/** No token was given for a target that is to be verified. */
export function tokenMissing({ name, apiTokenEnv, tokenEnv }: TargetConfig): Failure {
  const variable = apiTokenEnv ?? tokenEnv ?? 'MATOMO_TOKEN_AUTH';
  return new Failure('USAGE', `target ${name} cannot be verified without a token that may view its site`, {
    hint: `Set ${variable} to one: its user needs no more than view access.`,
  });
}

/**
 * Why a target could not be asked, for a person.
 *
 * @param said the error's words, without secrets
 */
export function targetNotAsked(target: TargetConfig, said: string, error: ReportingError): Failure {
  const { name, apiUrl, siteId } = target;
  const at = `target ${name} (${apiUrl.origin}${apiUrl.pathname})`;
  switch (error.kind) {
    case 'refused':
      return new Failure('TARGET_REFUSED', `${at} does not take the token: ${said}`, {
        hint: 'Give a token that is valid there. It was tried once and is not tried again: about 20 refusals lock this machine out.',
        cause: error,
      });
    case 'told':
      return new Failure('TARGET_REFUSED', `${at} does not tell about site ${siteId}: ${said}`, {
        hint: `Look whether site ${siteId} still exists there, and give a token whose user has view access to it.`,
        cause: error,
      });
    case 'unreadable':
      return new Failure('TARGET_REFUSED', `${at} gives no answer of a Reporting API: ${said}`, {
        hint: 'Look whether the address is that of Matomo’s index.php (--api-url), and whether something stands before it.',
        cause: error,
      });
    case 'unreachable':
      return new Failure('TARGET_REFUSED', `${at} does not answer: ${said}`, {
        hint: 'Look whether it is still there. Where it is slow because its log is long, give it more time (--timeout).',
        cause: error,
      });
  }
}
