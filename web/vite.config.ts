import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { ownTheme } from './theme-plugin';

export default defineConfig({
  plugins: [ownTheme(), react()],
  build: {
    target: 'es2022',
    // Inlined assets would be data: URLs, which the content security policy refuses for everything but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // The part library is one file; splitting the rest by page would only add round trips.
    chunkSizeWarningLimit: 1000,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}', 'tests/unit/**/*.test.ts'],
    restoreMocks: true,
  },
});
