import { type Command, Option } from 'commander';
import type { CompareFlags } from './compare-action.ts';
import type { Context } from './context.ts';

const examples = `
Examples:
  $ trafficinator compare before.json after.json
      two runs side by side: the ratio of each figure, and whether it is more than noise
  $ trafficinator compare before.json after.json --fail-if 'latency.p95 > +10%' --fail-if 'hits.errors.rate > +0.1points'
      for CI: exit code 4 where the second run is that much worse, and it is no noise
  $ trafficinator compare before.json after.json --fail-if 'targets.baseline.latency.p99 > +50ms' --json
      of one target, and all of it for programs

A rule is a figure as --threshold has it, < or >, and a change with its sign: % of the first run's value, a time for
times, points for shares, and a plain number for counts and rates. It fails where the change goes beyond it and is more
than noise; where noise cannot be told, the change alone decides; without data it fails.
Exit codes: 0 compared, and no rule failed · 2 wrong usage, or no report that can be compared · 4 a rule failed
`;

/** Adds the arguments, the options and the action of `trafficinator compare`. */
export function define(command: Command, context: Context): void {
  command
    .description(
      'Puts two reports side by side and says what differs, by how much, and whether it is more than noise.',
    )
    .argument('<first>', 'report of the run to compare with: what --report wrote')
    .argument('<second>', 'report of the other run')
    .addOption(
      new Option(
        '--fail-if <rule>',
        "a change that is a failure, such as 'latency.p95 > +10%'; give it again for each",
      )
        .argParser((text, before: string[]) => [...before, text])
        .default([], 'none'),
    )
    .option('--json', 'the comparison on stdout as JSON')
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
    .action(async (first: string, second: string, flags: CompareFlags) => {
      const { compareFromCommandLine } = await import('./compare-action.ts');
      compareFromCommandLine([first, second], flags, context);
    });
}
