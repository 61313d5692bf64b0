import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addRunOptions, flagsOf } from './run-options.ts';

const examples = `
Examples:
  $ trafficinator run --preset smoke --collector
      60 visits into an embedded collector: no Matomo needed
  $ MATOMO_TOKEN_AUTH=… trafficinator run --preset heavy --url https://matomo.example/matomo.php --site-id 3
      a day's load of 50,000 visits, until Ctrl-C
  $ trafficinator run --url https://matomo.example/ --rate 20/s --duration 10m --transport bulk --report run.json
      12,000 visits, many hits a request, with a report; matomo.php is appended to the URL
  $ MATOMO_API_TOKEN=… trafficinator run --preset smoke --url https://matomo.example/matomo.php --verify
      asks the server at the end whether it recorded what was planned
  $ trafficinator run --preset smoke --collector --threshold 'hits.failed.rate < 1%' --threshold 'latency.p95 < 800ms'
      ends with 4 where one of them does not hold
  $ trafficinator run --preset smoke --collector --junit smoke.xml --series smoke.csv --hits hits.ndjson
      for a job that shows tests, for a chart, and every hit with what became of it
  $ trafficinator run --preset heavy --url https://matomo.example/ --metrics 9464
      Prometheus reads how it goes at http://localhost:9464/metrics
  $ trafficinator run --preset medium --visits 3 --seed 1 --dry-run
      what would be sent, and nothing sent

Ctrl-C lets the visits in flight finish; a second one stops at once. Both write the report.
Exit codes: 0 done (the summary tells of hits that were lost on the way) · 1 a bug, or a file could not be written
  2 wrong usage, or a site with visits of others · 3 a target would not record what is planned
  4 a threshold failed, or had no data · 5 a target was lost, stopped, or accepted nothing
  6 not recorded as planned · 130, 143 interrupted
`;

/** Adds the options and the action of `trafficinator run`. */
export function define(command: Command, context: Context): void {
  addRunOptions(command);
  command
    .description('Plans visits and sends them to a Matomo tracking endpoint at the planned moments.')
    .addHelpText('after', examples)
    .action(async () => {
      // Loaded here and not above: help needs none of it.
      const { runFromCommandLine } = await import('./run-action.ts');
      await runFromCommandLine(flagsOf(command), context);
    });
}
