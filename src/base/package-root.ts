/** Where the package lies, with a slash at its end: as seen from src/base/, from dist/base/ and from dist/program/. */
export const packageRoot = new URL('../../', import.meta.url);
