import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    maxWorkers: '100%',
    // Real servers start in many tests, and a shared machine may be slow.
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
