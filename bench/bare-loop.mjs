import { Pool } from 'undici';

/** Nothing but undici, without end: one constant GET of `path`, `concurrency` at once, over one pool. */
export function startBareLoop(origin, path, concurrency) {
  const pool = new Pool(origin, {
    connections: concurrency,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const options = { method: 'GET', path, headers: { 'user-agent': 'trafficinator', accept: '*/*' } };
  let answered = 0;
  const handler = {
    onConnect() {},
    onHeaders(status) {
      if (status !== 204) throw new Error(`status ${status}: nothing can be compared`);
      return true;
    },
    onData: () => true,
    onComplete() {
      answered++;
      pool.dispatch(options, handler);
    },
    onError(error) {
      throw error;
    },
  };
  for (let at = 0; at < concurrency; at++) pool.dispatch(options, handler);
  return () => answered;
}
