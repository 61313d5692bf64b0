import type * as undici from 'undici';
import undiciConnector from 'undici/lib/core/connect.js';
import UndiciClient from 'undici/lib/dispatcher/client.js';

// What hits travel by, from undici's own files: its entry loads fetch, caches and WebSockets besides, which takes longer
// than all that a run loads of ours. These paths are not public, so package.json takes patches of this undici alone.

export const Client: typeof undici.Client = UndiciClient;
export const buildConnector: typeof undici.buildConnector = undiciConnector;
