import { Chalk } from 'chalk';
import { keepObjectsYoung } from '../dist/cli/young-objects.js';
import { loadConfig } from '../dist/config/load.js';
import { toRunConfig } from '../dist/config/to-run-config.js';
import { hitParameters, siteParameters } from '../dist/matomo/parameters.js';
import { ProgressLines } from '../dist/output/progress-lines.js';
import { preparePlan } from '../dist/run/planning.js';
import { startRun } from '../dist/run/start-run.js';
import { runIdentity } from '../dist/traffic/identity.js';

/** A run's configuration from flags alone: no file and no variable of the caller's has a say. */
export function configOf(flags) {
  return toRunConfig(loadConfig({ flags, env: {}, cwd: '/nonexistent', readFile: undefined }), {
    command: 'run',
  });
}

/** Begins a run as the command does, with ledger, histograms and progress; lines go nowhere. */
export function startRunOf(config, outputs = [], threads = 1) {
  const progress = new ProgressLines({ stream: { write: () => true }, chalk: new Chalk({ level: 0 }) });
  return startRun(config, {
    outputs: [progress, ...outputs, { start: keepObjectsYoung }],
    version: 'bench',
    mask: text => text,
    workers: { count: threads, secrets: [] },
  });
}

/** The same, to its end. */
export function runOf(config, outputs, threads) {
  return startRunOf(config, outputs, threads).done;
}

/** A request path as long as the average hit of a configuration. */
export function averagePath(config) {
  const target = config.targets[0];
  const plan = preparePlan(config, target)(runIdentity('bench', 0), Date.now(), {
    zones: ['UTC'],
    serverLagSeconds: 0,
  });
  const site = siteParameters(target.siteId, false);
  const queries = [];
  for (let index = 0; index < 200; index++) {
    const visit = plan(index, 0);
    for (const at of visit.hits.keys()) queries.push(hitParameters(site, visit, at));
  }
  const average = queries.reduce((sum, query) => sum + query.length, 0) / queries.length;
  const nearest = queries.reduce((best, query) =>
    Math.abs(query.length - average) < Math.abs(best.length - average) ? query : best,
  );
  return `${target.url.pathname}?${nearest}`;
}
