import type * as undici from 'undici';
import UndiciClient from 'undici/lib/dispatcher/client.js';
import UndiciPool from 'undici/lib/dispatcher/pool.js';

// What hits travel by, from undici's own files: its entry loads fetch, caches and WebSockets besides, which takes longer
// than all that a run loads of ours. These paths are not public, so package.json takes patches of this undici alone.

export const Client: typeof undici.Client = UndiciClient;
export const Pool: typeof undici.Pool = UndiciPool;
