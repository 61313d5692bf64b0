import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/matomo/**', 'test/long/**'],
    globalSetup: ['test/build-is-current.ts', 'test/own-temporary-folder.ts'],
    // Long enough for a machine that is busy with something else.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // No file changes what another sees, and to load the program anew for each was half of all work.
    isolate: false,
    // One more than the cores CI has: much of a test's time is waiting.
    maxWorkers: 3,
  },
});
