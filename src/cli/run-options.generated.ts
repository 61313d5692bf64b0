// Made by npm run generate from the configuration's schema: help on `run` is to load no schema.
import type { OptionRow } from '../config/option-table.ts';

export const runOptions: readonly OptionRow[] = [
  {
    key: 'preset',
    flag: '--preset <name|file>',
    description: 'shipped preset, a YAML file, or a legacy .env file, to start from',
    group: 'what',
  },
  {
    key: 'seed',
    flag: '--seed <number>',
    description: 'what everything drawn is drawn from (default: drawn and reported)',
    group: 'what',
  },
  {
    key: 'runId',
    flag: '--run-id <id>',
    description: 'name of the run, new on a site for ever: order ids carry it (default: drawn and reported)',
    group: 'what',
  },
  {
    key: 'startAt',
    flag: '--start-at <time>',
    description:
      'when the first visit is due, with time zone or in milliseconds of the epoch (default: when the run is started)',
    group: 'what',
    only: 'run',
  },
  {
    key: 'shard',
    flag: '--shard <k/n>',
    description: 'which part of the plan this process runs (default: all of it)',
    group: 'what',
    only: 'run',
  },
  {
    key: 'target.url',
    flag: '--url <url>',
    description: 'tracking endpoint; matomo.php is appended where the URL does not end in .php',
    group: 'where',
  },
  {
    key: 'target.siteId',
    flag: '--site-id <id>',
    description: 'site in Matomo (default: 1)',
    group: 'where',
  },
  {
    key: 'target.apiUrl',
    flag: '--api-url <url>',
    description:
      'Reporting API, when it is not beside the tracking endpoint (default: index.php beside the tracking endpoint)',
    group: 'where',
  },
  {
    key: 'targets',
    flag: '--target <spec>',
    description: 'one of several targets: name=a,url=…,site=1,weight=3,token-env=VAR; give it again for each',
    group: 'where',
    repeatable: true,
  },
  {
    key: 'distribution',
    flag: '--distribution <split|mirror|independent|failover>',
    description:
      'which targets get a visit: one by weight, all of them, each its own, or the first that is healthy (default: split)',
    group: 'where',
  },
  {
    key: 'whenDown',
    flag: '--when-down <skip|reroute|abort>',
    description:
      "what becomes of a target's visits while it is down: counted as skipped, given to the healthy ones, or the end of the run (default: skip)",
    group: 'where',
  },
  {
    key: 'timeout',
    flag: '--timeout <time>',
    description: 'until the end of an answer (default: 30s)',
    group: 'where',
  },
  {
    key: 'connections',
    flag: '--connections <number>',
    description: 'connections to each server (default: as many as visits in flight, up to 128)',
    group: 'where',
  },
  {
    key: 'rate',
    flag: '--rate <visits>',
    description: 'visits: 50000/day, 600/h, 100/min, 10/s, or max (default: 20000/day)',
    group: 'how much',
    only: 'run',
  },
  {
    key: 'visits',
    flag: '--visits <number>',
    description: 'end after so many visits; 0: no end (default: 0)',
    group: 'how much',
    only: 'run',
  },
  {
    key: 'duration',
    flag: '--duration <time>',
    description: 'end after so long: 10m, 1h30m; 0: no end (default: 0)',
    group: 'how much',
    only: 'run',
  },
  {
    key: 'concurrency',
    flag: '--concurrency <visits>',
    description: 'visits in flight at once (default: 50)',
    group: 'how much',
  },
  {
    key: 'workers',
    flag: '--workers <number|auto>',
    description:
      'threads that share the plan and `concurrency`; auto: as many as the rate needs (default: 1)',
    group: 'how much',
    only: 'run',
  },
  {
    key: 'overflow',
    flag: '--overflow <wait|drop>',
    description: 'what becomes of a visit that is due while all of them are in flight (default: wait)',
    group: 'how much',
    only: 'run',
  },
  {
    key: 'arrivals',
    flag: '--arrivals <constant|poisson|curve|poisson-curve>',
    description:
      'when visits begin: evenly, at random, along the hours of a week, or at random along them; `rate` is the mean (default: constant)',
    group: 'how much',
  },
  {
    key: 'stages',
    flag: '--stages <list>',
    description:
      'rates one after the other, then the end: 5m@100/min,10m@100-600/min; two rates are a line from one to the other (default: one rate)',
    group: 'how much',
    only: 'run',
  },
  {
    key: 'clock',
    flag: '--clock <compressed|real>',
    description:
      'compressed: a visit of minutes is sent in seconds; real: each hit when it happens (default: compressed)',
    group: 'how',
    only: 'run',
  },
  {
    key: 'pause',
    flag: '--pause <seconds|min-max>',
    description: "seconds between a visit's hits under the compressed clock (default: 0.5-2)",
    group: 'how',
    only: 'run',
  },
  {
    key: 'transport',
    flag: '--transport <single|bulk>',
    description: 'one request a hit, or many hits a request (default: single)',
    group: 'how',
  },
  {
    key: 'method',
    flag: '--method <get|post>',
    description: 'how a single hit travels; one with a token is always a POST (default: get)',
    group: 'how',
  },
  {
    key: 'batchSize',
    flag: '--batch-size <hits>',
    description: 'hits a bulk request (default: 100)',
    group: 'how',
  },
  {
    key: 'drainTimeout',
    flag: '--drain-timeout <time>',
    description:
      'how long a stopped run may finish the visits in flight (default: 30s after SIGINT, 8s after SIGTERM, 1s after a threshold)',
    group: 'how',
  },
  {
    key: 'backfill.from',
    flag: '--from <date>',
    description: "first day, of the site's calendar: 2026-01-01 (default: --days-back says it)",
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.to',
    flag: '--to <date>',
    description: 'last day, which is filled too (default: --days says it)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.daysBack',
    flag: '--days-back <number>',
    description: 'first day: so many days before today (default: --from says it)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.days',
    flag: '--days <number>',
    description: 'how many days from there (default: --to says it)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.visitsPerDay',
    flag: '--visits-per-day <number>',
    description:
      'visits of every day; with --arrivals curve or --growth, of the mean day of the first week (default: 2000)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.maxVisits',
    flag: '--max-visits <number>',
    description:
      'end after so many visits, wherever that is; 0: no end (default: no end; 200000 with BACKFILL_ENABLED)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.growth',
    flag: '--growth <percent>',
    description: 'how much more visits each week has than the one before: 2%/week (default: 0)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.rate',
    flag: '--rate <visits>',
    description: 'send no more visits than this: 100/s, 5000/min (default: as fast as the server takes them)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.journal',
    flag: '--journal <file>',
    description:
      'what was sent and answered, for --resume (default: backfill-TARGET-FROM-TO.ndjson beside the report)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.settleAfter',
    flag: '--settle-after <time>',
    description:
      'after a break, how long to wait from the last entry of the journal before the server is asked (default: 60s)',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'backfill.allowLong',
    flag: '--allow-long',
    description: 'let the last day be more than 180 days after the first',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'verify',
    flag: '--verify',
    description:
      'ask each target at the end whether it recorded what was planned; needs a token that may view it',
    group: 'result',
  },
  {
    key: 'wait',
    flag: '--wait <time>',
    description: 'how long verification waits for what a server has not recorded yet (default: 60s)',
    group: 'result',
  },
  {
    key: 'strict',
    flag: '--strict',
    description:
      "let verification count names from the server's own lists, too: browsers, devices, referrers",
    group: 'result',
  },
  {
    key: 'thresholds',
    flag: '--threshold <expression>',
    description:
      "what the run must keep to, such as 'latency.p95 < 800ms'; else it ends with 4, and with 'abort' at once; give it again for each (default: none)",
    group: 'result',
    repeatable: true,
  },
  {
    key: 'report',
    flag: '--report <file>',
    description: 'write the report to this JSON file (default: no file)',
    group: 'result',
  },
  {
    key: 'metrics.listen',
    flag: '--metrics <[host]:port>',
    description:
      'let Prometheus read metrics at /metrics; 9464: on this machine alone, :9464: from everywhere, 0: a free port (default: no metrics)',
    group: 'result',
  },
  {
    key: 'metrics.linger',
    flag: '--metrics-linger <time>',
    description:
      'how long to wait at the end until the last metrics were read (default: 30s where they were read before, else not at all)',
    group: 'result',
  },
  {
    key: 'metrics.otlp',
    flag: '--otlp <url>',
    description:
      'push metrics to this OpenTelemetry receiver, by OTLP over HTTP: http://localhost:4318 (default: nothing is pushed)',
    group: 'result',
  },
  {
    key: 'html',
    flag: '--html <file>',
    description:
      'write the report to this HTML file: one page with charts that needs nothing else (default: no file)',
    group: 'result',
  },
  {
    key: 'junit',
    flag: '--junit <file>',
    description: 'write a test case for all that can pass or fail to this JUnit file (default: no file)',
    group: 'result',
  },
  {
    key: 'series',
    flag: '--series <file>',
    description:
      'write the run over time, in all and by target, to this .csv or .ndjson file (default: no file)',
    group: 'result',
  },
  {
    key: 'hits',
    flag: '--hits <file>',
    description:
      'write every hit and what became of it to this NDJSON file while the run goes on (default: no file)',
    group: 'result',
    only: 'run',
  },
  {
    key: 'logLevel',
    flag: '--log-level <debug|info|warn|error>',
    description: 'what is logged (default: info)',
    group: 'result',
  },
  {
    key: 'logFormat',
    flag: '--log-format <text|json>',
    description: 'how it is logged (default: text)',
    group: 'result',
  },
  {
    key: 'config',
    flag: '--config <file>',
    description: 'configuration file (default: trafficinator.yaml, if there is one)',
    group: 'what',
  },
  {
    key: 'envFile',
    flag: '--env-file <file>',
    description: 'file of variables (default: .env, if there is one)',
    group: 'what',
  },
  {
    key: 'collector',
    flag: '--collector',
    description: 'send to an embedded collector: no server needed',
    group: 'where',
  },
  {
    key: 'skipValidation',
    flag: '--skip-validation',
    description: 'do not validate the server first; the token is still asked about once',
    group: 'where',
  },
  {
    key: 'yes',
    flag: '--yes',
    description: 'fill the statistics of a site that has other visits too, without being asked',
    group: 'where',
  },
  {
    key: 'resume',
    flag: '--resume',
    description: 'go on where a journal ends, without losing or doubling a visit',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'force',
    flag: '--force',
    description: 'begin anew although there is a journal, which is kept: fills the days a second time',
    group: 'backfill',
    only: 'backfill',
  },
  {
    key: 'invalidate',
    flag: '--invalidate',
    description: 'ask the server at the end to make the reports of these days anew; needs admin access',
    group: 'backfill',
    only: 'backfill',
  },
  { key: 'json', flag: '--json', description: 'report on stdout as JSON', group: 'result' },
  { key: 'quiet', flag: '--quiet', description: 'nothing on stderr but errors', group: 'result' },
  { key: 'progress', flag: '--no-progress', description: 'no live view', group: 'result' },
  { key: 'color', flag: '--no-color', description: 'no colours', group: 'result' },
  {
    key: 'dryRun',
    flag: '--dry-run',
    description: 'print the visits, one JSON line each, and send nothing',
    group: 'result',
  },
  {
    key: 'summary',
    flag: '--summary',
    description: 'with --dry-run: print only the totals of the plan',
    group: 'result',
  },
];
