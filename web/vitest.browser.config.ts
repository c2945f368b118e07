import { defineConfig } from 'vitest/config';

// One file after the other: the tests share two cores with a browser.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.browser.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
