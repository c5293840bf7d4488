/** electron-updater, told what to do by a release that was believed: it asks no feed itself, and takes nothing but that file. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { AppImageUpdater, MacUpdater, NsisUpdater, Provider, type ResolvedUpdateFileInfo, type UpdateInfo } from 'electron-updater';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import { fetchPieces, type Fetch } from './fetch-feed.ts';
import type { ReleaseFile } from './release.ts';

/** A file of a release, and where it is. */
export interface Package {
  readonly version: string;
  readonly feed: string;
  readonly file: ReleaseFile;
  readonly signedMs: number;
}

export interface PackageUpdater {
  /** Fetches the file, unless it is here, and checks it. `hear`: how much of it is here, 0 to 1. Throws what went wrong. */
  readonly download: (wanted: Package, hear: (fraction: number) => void, signal: AbortSignal) => Promise<void>;
  /** Puts it in the place of this program, and has that started. The program should be gone soon then. Throws where it can't. */
  readonly install: () => void;
}

export interface UpdaterOptions {
  readonly ending: 'AppImage' | 'exe' | 'zip';
  readonly version: string;
  /** Where the file rests until it is installed. */
  readonly dir: string;
  /** What the packager wrote of the app; Windows has to find the signature that it names on the file. */
  readonly configFile: string;
  readonly fetch: Fetch;
  readonly quit: () => void;
}

export function makePackageUpdater(options: UpdaterOptions): PackageUpdater {
  const updater = updaterFor(options);
  updater.logger = null;
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.disableWebInstaller = true;
  // Its maps of blocks are signed by nobody.
  updater.disableDifferentialDownload = true;
  return {
    download: async (wanted, hear, signal) => {
      Object.assign(updater, {
        httpExecutor: { download: (_url: URL, to: string) => fetchChecked(options.fetch, wanted, { to, hear, signal }) },
        ...(options.ending === 'exe' ? {} : { configOnDisk: { value: Promise.resolve({ updaterCacheDirName: 'package' }) } }),
        // A number that would tell this computer from others: nothing needs it.
        stagingUserIdPromise: { value: Promise.resolve('') },
      });
      updater.setFeedURL({ provider: 'custom', updateProvider: providerOf(wanted) });
      const found = await updater.checkForUpdates();
      if (found?.isUpdateAvailable !== true) throw new Error(`${wanted.version} is no update of ${options.version}`);
      await updater.downloadUpdate();
    },
    install: () => {
      if (updater instanceof MacUpdater) updater.quitAndInstall();
      else if (!updater.install(true, true)) throw new Error('the new version could not be installed');
    },
  };
}

function updaterFor({ ending, version, dir, configFile, quit }: UpdaterOptions): AppImageUpdater | MacUpdater | NsisUpdater {
  const app = {
    version,
    name: 'cachette',
    isPackaged: true,
    appUpdateConfigPath: configFile,
    userDataPath: dir,
    baseCachePath: dir,
    whenReady: () => Promise.resolve(),
    relaunch: () => {},
    quit,
    onQuit: () => {},
  };
  if (ending === 'exe') return new NsisUpdater(null, app);
  return ending === 'zip' ? new MacUpdater(undefined, app) : new InPlaceAppImage(null, app);
}

type ProviderClass = new (options: unknown, updater: unknown, runtime: ProviderRuntimeOptions) => Provider<UpdateInfo>;

/** Gives what is known already. */
function providerOf({ version, feed, file, signedMs }: Package): ProviderClass {
  const info = { url: file.url, sha512: file.sha512, size: file.size };
  return class extends Provider<UpdateInfo> {
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super(runtime);
    }

    override getLatestVersion(): Promise<UpdateInfo> {
      const { url: path, sha512 } = info;
      return Promise.resolve({ version, files: [info], path, sha512, releaseDate: new Date(signedMs).toISOString() });
    }

    override resolveFiles(): ResolvedUpdateFileInfo[] {
      return [{ url: new URL(info.url, feed), info }];
    }
  };
}

interface Fetching {
  readonly to: string;
  readonly hear: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** Into a file; no byte more than was signed, and exactly those. */
async function fetchChecked(fetch: Fetch, { feed, file }: Package, { to, hear, signal }: Fetching): Promise<void> {
  const hash = createHash('sha512');
  let taken = 0;
  await using handle = await fs.promises.open(to, 'w', 0o600);
  await fetchPieces(fetch, new URL(file.url, feed).href, {
    maxBytes: file.size,
    signal,
    take: async (piece) => {
      hash.update(piece);
      await handle.appendFile(piece);
      taken += piece.byteLength;
      hear(taken / file.size);
    },
  });
  if (taken !== file.size || hash.digest('base64') !== file.sha512) throw new Error(`${file.url} is not the file that was signed`);
  await handle.sync();
}

/**
 * An AppImage takes the place of the old one in one step, under its old name: what starts it at login goes on starting it.
 * (The original removes the old one first, and gives the new one the name that it has in the feed.)
 */
class InPlaceAppImage extends AppImageUpdater {
  protected override doInstall(): boolean {
    const place = process.env['APPIMAGE'] ?? '';
    const made = this.installerPath;
    if (made === null || place === '') return false;
    const fresh = `${place}.new`;
    try {
      fs.copyFileSync(made, fresh);
      fs.chmodSync(fresh, 0o755);
      const file = fs.openSync(fresh, 'r+');
      fs.fsyncSync(file);
      fs.closeSync(file);
      fs.renameSync(fresh, place);
    } catch (error) {
      fs.rmSync(fresh, { force: true });
      throw error;
    }
    spawn(place, [], { detached: true, stdio: 'ignore' })
      .on('error', () => {})
      .unref();
    return true;
  }
}
