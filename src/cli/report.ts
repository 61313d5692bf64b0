import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { ReportFlags } from './report-action.ts';

const examples = `
Examples:
  $ trafficinator report run.json
      the summary, as it was after the run
  $ trafficinator report run.json --html run.html --junit run.xml
      files from a report that was kept
  $ trafficinator report run.json --json | jq .hits
      the report on stdout, once it is sure that it is one

Nothing is asked of any server. What each field means is in docs/report.md.
Exit codes: 0 done, whatever the run ended with · 1 a file could not be written · 2 wrong usage, or no report
`;

/** Adds the arguments, the options and the action of `trafficinator report`. */
export function define(command: Command, context: Context): void {
  command
    .description('Shows a saved report as it was after its run, and makes other files of it.')
    .argument('<report>', 'report of a run or a backfill: what --report wrote')
    .option(
      '--html <file>',
      'write the report to this HTML file: one page with charts that needs nothing else',
    )
    .option('--junit <file>', 'write a test case for all that can pass or fail to this JUnit file')
    .option('--series <file>', 'write the run over time, in all and by target, to this .csv or .ndjson file')
    .option('--json', 'the report on stdout as JSON, instead of the summary')
    .option('--quiet', 'no summary')
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
    .action(async (path: string, flags: ReportFlags) => {
      const { reportFromCommandLine } = await import('./report-action.ts');
      await reportFromCommandLine(path, flags, context);
    });
}
