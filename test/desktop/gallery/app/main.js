// A window that shows the built renderer as the app does: its own protocol and policy, sandboxed, with nothing in place of the
// preload. What stands in for the agent and the desktop comes from the test.
import fs from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, protocol } from 'electron';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
/** @type {Record<string, string | undefined>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };
const renderer = path.resolve(import.meta.dirname, '../../../../dist/renderer');

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
app.disableHardwareAcceleration();

void app.whenReady().then(() => {
  protocol.handle('app', async ({ url }) => {
    const { pathname } = new URL(url);
    const type = types[path.extname(pathname)];
    if (type === undefined || pathname.includes('..')) return new Response('', { status: 404 });
    const body = await fs.readFile(path.join(renderer, pathname));
    return new Response(new Uint8Array(body), { headers: { 'content-type': type, 'content-security-policy': policy } });
  });
  const window = new BrowserWindow({
    width: 1280,
    height: 960,
    useContentSize: true,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  // The test leaves a scene whenever it likes.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  void window.loadURL('about:blank');
});
