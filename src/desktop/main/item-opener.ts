/** Opens what is in the synced folder, by its path in the vault: never anything outside, never what would run. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { shell } from 'electron';
import { Failure } from '../../base/failure.ts';
import { findItemPlace } from './item-place.ts';
import { isSafeToOpen } from './safe-to-open.ts';

export class ItemOpener {
  readonly #folder: () => string | undefined;

  /** `folder`: the synced one; undefined while none is linked. */
  constructor(folder: () => string | undefined) {
    this.#folder = folder;
  }

  /** Throws E_NO_PROFILE, E_NOT_FOUND where it is away, E_FAILED where the system could not. */
  async openFolder(): Promise<void> {
    await open(await this.#placeOf(''));
  }

  /** With whatever the system has for it; what is of a kind that runs is shown in its folder instead. Throws as `openFolder`, E_USAGE. */
  async openItem(at: string): Promise<void> {
    const item = await this.#placeOf(at);
    // What stands there, not what it may lead to.
    const stats = await fs.lstat(item).catch(() => undefined);
    const isExecutable = process.platform !== 'win32' && ((stats?.mode ?? 0) & 0o111) !== 0;
    if (stats?.isFile() === true && isSafeToOpen(path.basename(item), isExecutable)) await open(item);
    else shell.showItemInFolder(item);
  }

  /** Throws as `openItem`. */
  async showItem(at: string): Promise<void> {
    shell.showItemInFolder(await this.#placeOf(at));
  }

  async #placeOf(at: string): Promise<string> {
    const folder = this.#folder();
    if (folder === undefined) throw new Failure('E_NO_PROFILE', 'no folder is linked yet', { action: 'set it up first' });
    return findItemPlace(folder, at);
  }
}

async function open(item: string): Promise<void> {
  const why = await shell.openPath(item);
  if (why !== '') throw new Failure('E_FAILED', `${item} could not be opened: ${why}`, { action: 'open it with your file manager' });
}
