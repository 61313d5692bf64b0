// A server in a process of its own that answers 204 and tells at its end how many requests came in each 10 ms.
import { createServer } from 'node:http';

const BIN_MS = 10;
let firstMs = Number.NaN;
const bins = [];
const server = createServer((_request, response) => {
  const nowMs = performance.now();
  if (Number.isNaN(firstMs)) firstMs = nowMs;
  const bin = Math.floor((nowMs - firstMs) / BIN_MS);
  bins[bin] = (bins[bin] ?? 0) + 1;
  response.writeHead(204).end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('message', () => {
  process.send?.(
    Array.from(bins, count => count ?? 0),
    () => process.exit(),
  );
});
