import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const endToEnd = 'test/e2e/**/*.test.ts';

/** What is released: quick to look at, and installed where nothing else is, which takes minutes. */
const release = 'test/release/*.test.ts';
const installed = 'test/release/installed/*.test.ts';

const common = {
  root: `${import.meta.dirname}/..`,
  // Real servers start in many tests, and a shared machine may be slow.
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** The end-to-end tests on one of the two executables, which test/support/executable.ts knows. */
const withExecutable = (name: 'bundle' | 'native') => ({
  test: { ...common, name, include: [endToEnd], env: { LBCHECK_TESTED: name } },
});

export default defineConfig({
  test: {
    root: common.root,
    globalSetup: ['test/support/environment.ts', 'test/support/build.ts'],
    // Many tests wait for a deadline: half as many again as there are cores.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [endToEnd, release, installed],
        },
      },
      withExecutable('bundle'),
      withExecutable('native'),
      { test: { ...common, name: 'release', include: [release] } },
      // Only by scripts/test --release.
      ...(process.env.LBCHECK_RELEASE === undefined
        ? []
        : [{ test: { ...common, name: 'installed', include: [installed], testTimeout: 300_000 } }]),
    ],
  },
});
