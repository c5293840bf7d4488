/** The keeper of updates, with what Electron and the system have for it. */
import fs from 'node:fs';
import path from 'node:path';
import { app, net } from 'electron';
import type { Places } from '../places.ts';
import { StateFile } from '../state-file.ts';
import type { Fetch } from './fetch-feed.ts';
import { makePackageUpdater } from './package-updater.ts';
import { seenFeedShape, UpdateKeeper } from './update-keeper.ts';
import { readUpdateTrust } from './update-trust.ts';
import { updateWay } from './update-way.ts';

export interface KeeperSurroundings {
  readonly places: Places;
  readonly stateDir: string;
  readonly isWanted: () => boolean;
  readonly isWriting: () => boolean;
  readonly onChange: () => void;
  /** Puts everything away but the program itself. */
  readonly end: () => Promise<void>;
}

export function makeUpdateKeeper(surroundings: KeeperSurroundings): UpdateKeeper {
  const { places, stateDir, isWanted, isWriting, onChange, end } = surroundings;
  // As the person's browser goes, proxies and all; with no cookie, and nothing kept.
  const fetch: Fetch = (address, init) => net.fetch(address, { ...init, credentials: 'omit', cache: 'no-store' });
  const version = app.getVersion();
  return new UpdateKeeper({
    trust: readUpdateTrust(places.updateTrust),
    way: updateWay({
      platform: process.platform,
      isPackaged: app.isPackaged,
      appImage: process.env['APPIMAGE'],
      packageType: readWord(path.join(places.resourcesDir, 'package-type')),
    }),
    version,
    platform: process.platform,
    arch: process.arch,
    fetch,
    seen: new StateFile(path.join(stateDir, 'feed.json'), seenFeedShape),
    isWanted,
    isWriting,
    makeUpdater: ({ ending }) =>
      makePackageUpdater({
        ending,
        version,
        dir: path.join(stateDir, 'updates'),
        configFile: path.join(places.resourcesDir, 'app-update.yml'),
        fetch,
        quit: () => app.quit(),
      }),
    onChange,
    restart: (install) => void end().finally(() => replace(install)),
    nowMs: () => Date.now(),
  });
}

/** By now nothing of ours runs but this program. */
function replace(install: () => void): void {
  // The new one would take us for the one that is to show its window.
  app.releaseSingleInstanceLock();
  try {
    install();
  } catch {
    // As it was; the windows say again that there is a new version.
    app.relaunch();
  }
  app.quit();
}

function readWord(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
