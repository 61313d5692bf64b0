import type { TargetConfig } from '../../src/delivery/target-config.ts';
import type { TargetReport } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { gif } from './fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from './run-config.ts';
import type { Servers } from './servers.ts';

/**
 * What a target is like with which nothing is wrong and which stands beside no other. Begun together with the run that
 * is looked at, it meets the same pauses of this machine.
 */
export async function soundRun(
  { serve }: Pick<Servers, 'serve'>,
  more: Partial<RunConfig> = {},
  limits: Partial<TargetConfig> = {},
): Promise<TargetReport> {
  const { url } = await serve(() => gif);
  const report = await start(runConfig(targetConfig(url, limits), { traffic: twoPages, ...more })).done;
  const [target] = report.targets;
  if (target === undefined) throw new Error('the run had no target');
  return target;
}

/**
 * A target that was late, or slow to answer, as the sound one was and hardly more.
 *
 * @param slackMs at least; where the sound one met long pauses, two runs can differ by more
 */
export function hardlyLater(
  { latenessMs, latencyMs }: Pick<TargetReport, 'latenessMs' | 'latencyMs'>,
  slackMs: number,
): { latenessMs: number; latencyMs: number } {
  const more = (p99: number) => p99 + Math.max(slackMs, p99 / 2);
  return { latenessMs: more(latenessMs?.p99 ?? 0), latencyMs: more(latencyMs?.p99 ?? 0) };
}
