import { defineConfig } from 'vite';

const config = defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // The polyfill would be an inline script, which the windows' policy refuses; no browser of ours needs it.
    modulePreload: { polyfill: false },
    // Nothing as a data: URL but images, which the policy allows.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});

// Vite asks for a default export.
export default config;
