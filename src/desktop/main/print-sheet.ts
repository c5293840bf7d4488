/** Prints a page that the agent made, in a window of its own that runs nothing and loads nothing. */
import { BrowserWindow, session } from 'electron';

export async function printSheet(html: string): Promise<boolean> {
  const alone = session.fromPartition('print');
  // Only the page itself, which is in its address.
  alone.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !details.url.startsWith('data:text/html') }));
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false, session: alone },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  try {
    await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`);
    return await new Promise((resolve) => {
      window.webContents.print({ silent: false, printBackground: true }, (isPrinted) => resolve(isPrinted));
    });
  } finally {
    window.destroy();
    await alone.clearCache();
  }
}
