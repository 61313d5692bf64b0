import { defineConfig } from 'vitest/config';

/** Suites that play to a real Matomo; without one they say so and pass over everything. */
export default defineConfig({
  test: {
    include: ['test/matomo/**/*.test.ts'],
    testTimeout: 60_000,
    // One after another: the contract's cases must never be played two at once.
    fileParallelism: false,
  },
});
