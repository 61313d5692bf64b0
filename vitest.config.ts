import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/matomo/**', 'test/long/**'],
    globalSetup: 'test/build-is-current.ts',
    testTimeout: 30_000,
    // Two cores are what CI has: more processes only make the paced runs late.
    maxWorkers: 2,
  },
});
