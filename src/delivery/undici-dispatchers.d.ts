// undici tells no types of its own files.

declare module 'undici/lib/dispatcher/client.js' {
  // biome-ignore lint/style/noDefaultExport: it is all that a CommonJS file has.
  export { Client as default } from 'undici';
}

declare module 'undici/lib/core/connect.js' {
  // biome-ignore lint/style/noDefaultExport: it is all that a CommonJS file has.
  export { buildConnector as default } from 'undici';
}
