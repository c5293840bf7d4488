/** The desktop program: one per person and profile, its own protocol, and then the desktop. */
import os from 'node:os';
import path from 'node:path';
import { app, Menu, nativeImage } from 'electron';
import { defaultProfileDir } from '../../control/default-profile-dir.ts';
import { announceAppScheme } from './app-protocol.ts';
import { findDeepLink, linkScheme } from './deep-link.ts';
import { Desktop } from './desktop.ts';
import { FaultFile } from './fault-file.ts';
import { hiddenFlag } from './login-item.ts';
import { findPlaces } from './places.ts';
import { QuitGate } from './quit-gate.ts';
import { stateDirFor } from './state-dir.ts';

const usualProfileDir = defaultProfileDir({ platform: process.platform, home: os.homedir(), env: process.env });
const givenProfileDir = process.env['CACHETTE_PROFILE'] ?? '';
const profileDir = givenProfileDir === '' ? usualProfileDir : path.resolve(givenProfileDir);
app.setPath('userData', stateDirFor(app.getPath('appData'), profileDir, usualProfileDir));
if (app.requestSingleInstanceLock()) begin();
else app.quit();

function begin(): void {
  const faults = new FaultFile(app.getPath('userData'));
  process.on('uncaughtException', (error) => faults.note(error));
  process.on('unhandledRejection', (error) => faults.note(error));
  announceAppScheme();
  // As root there is no sandbox to have, and asking for one ends every window.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.setAppUserModelId('app.cachette.desktop');
  // One link per installed program, not one per checkout.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  const places = findPlaces(import.meta.dirname);
  const args = process.argv.slice(1);
  let desktop: Desktop | undefined;
  const gate = new QuitGate({
    end: async () => desktop?.end(),
    quit: () => app.quit(),
    exit: () => app.exit(0),
  });

  app.on('second-instance', (_event, given) => desktop?.show(findDeepLink(given)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    desktop?.show(findDeepLink([url]));
  });
  app.on('activate', () => desktop?.show(undefined));
  // It goes on in the tray.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (!gate.mayQuit()) event.preventDefault();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

  void app.whenReady().then(async () => {
    setMenu();
    desktop = new Desktop({
      places,
      profileDir,
      stateDir: app.getPath('userData'),
      isHidden: args.includes(hiddenFlag),
      target: findDeepLink(args),
      faults,
    });
    await desktop.start();
    if (process.platform === 'darwin') app.dock?.setIcon(nativeImage.createFromPath(path.join(places.iconsDir, 'cachette-256.png')));
  });
}

/** macOS needs one for copy and paste; elsewhere our windows have none. */
function setMenu(): void {
  const roles = [{ role: 'appMenu' as const }, { role: 'editMenu' as const }, { role: 'windowMenu' as const }];
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(roles) : null);
}
