import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/matomo/**', 'test/long/**'],
    globalSetup: 'test/build-is-current.ts',
    // Long enough for a machine that is busy with something else.
    testTimeout: 60_000,
    // No file changes what another sees, and to load the program anew for each was half of all work.
    isolate: false,
    // Two cores are what CI has: more processes only make the paced runs late.
    maxWorkers: 2,
  },
});
