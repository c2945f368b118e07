import { defineConfig } from 'vitest/config';

// The steps of a story follow from each other: after the first that fails the others would only repeat it.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    bail: 1,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
