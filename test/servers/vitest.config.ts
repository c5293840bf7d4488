import { defineConfig } from 'vitest/config';

const minutes = 60_000;

const config = defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    include: ['test/servers/**/*.servers.ts'],
    pool: 'forks',
    // A server and what asks it have the machine for themselves.
    fileParallelism: false,
    testTimeout: (process.env['CACHETTE_SERVERS_SIZE'] === 'full' ? 40 : 10) * minutes,
    hookTimeout: 3 * minutes,
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
  },
});

// Vitest asks for a default export.
export default config;
