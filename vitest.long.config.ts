import { defineConfig } from 'vitest/config';

/** What takes its time: runs of half a minute, of which the times are looked at. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/build-is-current.ts', 'test/own-temporary-folder.ts'],
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
