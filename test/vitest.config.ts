import { defineConfig } from 'vitest/config';

const seconds = 1_000;

const config = defineConfig({
  root: `${import.meta.dirname}/..`,
  test: {
    include: ['test/**/*.test.ts'],
    // Processes of their own: native code and signals do not mix well with threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60 * seconds,
    hookTimeout: 60 * seconds,
    // Of a busy computer: what is waited for comes when it comes.
    expect: { poll: { timeout: 20 * seconds } },
    // A test that passes only the second time is a finding.
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
  },
});

// Vitest asks for a default export.
export default config;
