import { defineConfig } from 'vitest/config';

const seconds = 1_000;

const config = defineConfig({
  root: `${import.meta.dirname}/..`,
  test: {
    include: ['test/**/*.test.ts'],
    // Processes of their own: native code and signals do not mix well with threads.
    pool: 'forks',
    maxWorkers: 2,
    // Of a busy computer: what is waited for comes when it comes. Where a process takes six seconds to start, a test that runs a dozen
    // takes more than a minute; these limits are for what would hang for ever.
    testTimeout: 180 * seconds,
    hookTimeout: 180 * seconds,
    expect: { poll: { timeout: 60 * seconds } },
    // A test that passes only the second time is a finding.
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
  },
});

// Vitest asks for a default export.
export default config;
