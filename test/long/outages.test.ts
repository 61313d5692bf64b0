import { it } from 'vitest';
import { acceptedAfter, expectIsland, outageDrill } from './outage-drill.ts';

it('a target that hangs and one that is killed and comes back cost a third nothing, for half a minute', async () => {
  const drill = { seconds: 30, hangsAt: 10, diesAt: 15, comesBackAt: 22, timeoutSeconds: 2, toleranceMs: 5 };
  const result = await outageDrill(drill);
  const { report, sound, recorded, exitCode } = result;
  const p99 = (of: typeof report) => ({
    lateness: of.targets[0]?.latenessMs?.p99,
    latency: of.targets[0]?.latencyMs?.p99,
  });
  console.info({
    exitCode,
    healthy: p99(report),
    withoutTrouble: p99(sound),
    run: report.run.durationSeconds,
  });
  for (const [at, target] of report.targets.entries()) {
    const { name, visits, hits, health } = target;
    console.info({
      name,
      visits,
      hits,
      health,
      recorded: recorded[at]?.visits,
      after: acceptedAfter(target, 22),
    });
  }
  expectIsland(result, drill);
});
