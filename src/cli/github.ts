import { secretMask } from '../base/mask-secrets.ts';
import type { Annotation } from '../output/github-annotations.ts';
import { GitHubOutput } from '../output/github-output.ts';
import type { Report } from '../run/report.ts';
import type { Context } from './context.ts';

export interface GitHubRequest {
  readonly quiet: boolean;
  readonly logFormat: 'text' | 'json';
  readonly secrets: readonly string[];
  readonly annotations?: (report: Report) => readonly Annotation[];
}

/** What a job on GitHub shows of a run; nothing elsewhere. */
export function githubOutput(
  { quiet, logFormat, secrets, annotations }: GitHubRequest,
  { env, stderr }: Context,
): GitHubOutput[] {
  if (env.GITHUB_ACTIONS !== 'true') return [];
  return [
    new GitHubOutput({
      stream: stderr,
      // Between JSON lines they would break those who read them.
      levels: logFormat === 'json' ? [] : quiet ? ['error'] : ['error', 'warning'],
      summaryPath: env.GITHUB_STEP_SUMMARY || undefined,
      mask: secretMask(secrets),
      ...(annotations && { annotations }),
    }),
  ];
}
