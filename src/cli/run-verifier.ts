import { Failure } from '../base/failure.ts';
import { secretMask } from '../base/mask-secrets.ts';
import { variableOf } from '../config/target-variables.ts';
import type { VerificationProgressView } from '../output/verification-progress-view.ts';
import type { Report, Verification } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import { unverifiedTarget } from '../verification/unverified-target.ts';
import { secretsOf } from './run-secrets.ts';
import { savedExceptions } from './saved-exceptions.ts';

export interface RunVerifierOptions {
  readonly config: RunConfig;
  /** Absolute: the exceptions that a report has no room for are beside it. */
  readonly reportPath: string | undefined;
  readonly strict: boolean;
  readonly waitSeconds: number;
  /** Called when verification begins. */
  readonly progressView: () => VerificationProgressView | undefined;
  readonly warn: (message: string) => void;
}

/** Verifies a run at its end. */
export interface RunVerifier {
  /** null: it was interrupted. */
  verify(report: Report): Promise<Verification | null>;
  /** What a person says with Ctrl-C: the first one ends the run and not its verification. */
  interrupt(): void;
}

/**
 * @throws Failure USAGE where a target has no token to ask with
 */
export function runVerifier(options: RunVerifierOptions): RunVerifier {
  const { config, reportPath, strict, waitSeconds } = options;
  const tokens = tokensOf(config);
  const givenUp = new AbortController();
  const { signal } = givenUp;
  let isVerifying = false;
  let interruptions = 0;

  async function asked(report: Report): Promise<Verification> {
    const { verifyRun } = await import('../verification/verify-run.ts');
    const view = options.progressView();
    try {
      return await verifyRun({
        config,
        report,
        ...(reportPath !== undefined && { exceptions: savedExceptions(reportPath, report) }),
        tokens,
        method: 'auto',
        strict,
        waitMs: waitSeconds * 1000,
        mask: secretMask(secretsOf(config)),
        signal,
        notAsked: ({ message }) => options.warn(`not verified: ${message}`),
        ...(view && { progress: view.show }),
      });
    } finally {
      view?.close();
    }
  }

  /** What was sent is on the server: another may be asked for it. */
  function tellInterrupted(): null {
    const later = reportPath === undefined ? '' : `; trafficinator verify ${reportPath} does it later`;
    options.warn(`not verified: interrupted${config.effective.collector === true ? '' : later}`);
    return null;
  }

  return {
    async verify(report) {
      isVerifying = true;
      try {
        if (!signal.aborted) {
          const verification = await asked(report);
          if (!signal.aborted) return verification;
        }
      } catch (error) {
        if (signal.aborted) return tellInterrupted();
        // What was sent is sent: its account is not lost with a server that cannot be asked any more.
        if (!(error instanceof Failure)) throw error;
        options.warn(`not verified: ${error.message}`);
        return notVerified(report, error.message, strict);
      }
      return tellInterrupted();
    },
    interrupt() {
      interruptions += 1;
      if (isVerifying || interruptions > 1) givenUp.abort();
    },
  };
}

function tokensOf({ targets }: RunConfig): ReadonlyMap<string, string> {
  const without = targets.filter(({ apiToken, token }) => apiToken === undefined && token === undefined);
  if (without.length > 0) {
    const told = without.map(target => {
      const number = targets.indexOf(target) + 1;
      return `${target.name}: set ${variableOf(number, 'apiToken')}, or ${variableOf(number, 'token')} for a token that hits carry, too`;
    });
    throw new Failure('USAGE', `--verify needs a token that may view the site\n  ${told.join('\n  ')}`, {
      hint: 'Nothing was sent. View access is enough; to verify later, keep the report and use trafficinator verify.',
    });
  }
  return new Map(targets.map(({ name, apiToken, token = '' }) => [name, apiToken ?? token] as const));
}

function notVerified({ targets }: Report, reason: string, strict: boolean): Verification {
  return {
    method: 'visits',
    at: new Date().toISOString(),
    strict,
    passed: null,
    targets: targets.map(({ name }) => unverifiedTarget(name, reason)),
  };
}
