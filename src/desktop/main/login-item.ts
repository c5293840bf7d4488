/** Starting at login: the system's own list, or an autostart entry on Linux. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { autostartEntry, autostartName } from './autostart-entry.ts';

/** Says that nobody asked for a window. */
export const hiddenFlag = '--hidden';

/** A program that is run from its sources has nothing to start at login. */
export function canStartAtLogin(): boolean {
  return app.isPackaged;
}

export function setStartsAtLogin(starts: boolean): void {
  if (!canStartAtLogin()) return;
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: starts, args: [hiddenFlag] });
    return;
  }
  const file = path.join(configDir(), 'autostart', autostartName);
  if (!starts) {
    fs.rmSync(file, { force: true });
    return;
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // An AppImage is mounted elsewhere each time: its own place is what counts.
  const program = process.env['APPIMAGE'] ?? process.execPath;
  fs.writeFileSync(file, autostartEntry([program, hiddenFlag]));
}

function configDir(): string {
  const xdg = process.env['XDG_CONFIG_HOME'] ?? '';
  return path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), '.config');
}
