import { Pool } from 'undici';

/** Nothing but undici: `hits` times one constant GET of `path`, `concurrency` at once, over one pool. */
export async function bareLoop(origin, path, hits, concurrency) {
  const pool = new Pool(origin, {
    connections: concurrency,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const options = { method: 'GET', path, headers: { 'user-agent': 'trafficinator', accept: '*/*' } };
  let left = hits;
  let answered = 0;
  await new Promise((resolve, reject) => {
    const handler = {
      onConnect() {},
      onHeaders: () => true,
      onData: () => true,
      onComplete() {
        answered++;
        if (left > 0) send();
        else if (answered === hits) resolve();
      },
      onError: reject,
    };
    const send = () => {
      left--;
      pool.dispatch(options, handler);
    };
    for (let at = 0; at < concurrency; at++) send();
  });
  await pool.close();
}
