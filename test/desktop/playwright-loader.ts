import path from 'node:path';

/**
 * Holds an app back until Playwright listens: it misses the first page of one that was faster, and waits for it for ever. Given to
 * Electron as `-r`; Playwright does that by itself only for an Electron that it finds by itself.
 */
export const playwrightLoader = path.resolve(import.meta.dirname, '../../node_modules/playwright-core/lib/server/electron/loader.js');
