// Measures what the generator costs and keeps, against a server in another process that answers at once.
//
//   npm run bench                      all but in-flight, about twelve minutes; says whether what is wanted is kept
//   npm run bench -- --quick           in under a minute, prints and does not judge
//   npm run bench -- pacing in-flight  these alone

import { inFlight } from './in-flight.mjs';
import { memory } from './memory.mjs';
import { pacing } from './pacing.mjs';
import { startUp } from './start-up.mjs';
import { printHeading, printRows } from './table.mjs';
import { throughput } from './throughput.mjs';
import { workers } from './workers.mjs';

const measures = { throughput, pacing, 'start-up': startUp, memory, workers, 'in-flight': inFlight };
const repeated = ['throughput', 'workers', 'pacing', 'start-up', 'memory'];

const quick = process.argv.includes('--quick');
const named = process.argv.slice(2).filter(argument => !argument.startsWith('-'));
const unknown = named.filter(name => !(name in measures));
if (unknown.length > 0) {
  console.error(`no such measure: ${unknown.join(', ')}; there are ${Object.keys(measures).join(', ')}`);
  process.exit(2);
}
printHeading();
for (const name of named.length === 0 ? repeated : named) {
  const { about, rows } = await measures[name]({ quick });
  console.log(`\n${about}`);
  printRows(rows, !quick);
}
