/** Where on this machine a store may be made: in no folder that is kept in sync, and among nobody's files. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import { markName } from '../../disk/root-anchor.ts';
import { privateFolderName } from '../../model/name.ts';
import { hintName } from '../../store/object-name.ts';
import { genesisName } from '../../vault/keyring/genesis.ts';
import { realPathOf } from '../folder/claim-folder.ts';
import { isAbsent } from '../profile/private-file.ts';

/** What systems put into a disk or a folder by themselves. */
const litter =
  /^(?:lost\+found|\.DS_Store|\.localized|\.apdisk|\.Spotlight-V100|\.fseventsd|\.Trashes|\.Trash-\d+|\.TemporaryItems|\.DocumentRevisions-V100|\.directory|Thumbs\.db|desktop\.ini|System Volume Information|\$RECYCLE\.BIN)$/i;
/** What a probe, or an `init` that was broken off, leaves behind. */
const traces = new RegExp(String.raw`^(?:${hintName}|probe/[0-9a-f]{32}|\.tmp/[^/]+)$`);

/**
 * The folder is not one that is kept in sync, and lies in none: what a store keeps would be synced as files. Throws
 * E_FOLDER_OWNED.
 */
export async function requireOutsideSynced(dir: string): Promise<void> {
  for (let folder: string | undefined = await realPathOf(path.resolve(dir)); folder !== undefined; folder = folderAbove(folder)) {
    if (!(await isThere(path.join(folder, privateFolderName, markName)))) continue;
    throw new Failure('E_FOLDER_OWNED', `${dir} can't hold a store: ${folder} is kept in sync`, {
      subject: dir,
      action: `choose a folder outside of it; if nobody syncs it any more, remove ${privateFolderName}/${markName} in it`,
    });
  }
}

function folderAbove(folder: string): string | undefined {
  const above = path.dirname(folder);
  return above === folder ? undefined : above;
}

/**
 * A new store may be made of the folder: it is not there, or empty but for what systems and broken-off tries leave. One with
 * a vault in it is let pass: whoever makes the vault says so. Throws E_STORE_NOT_EMPTY, E_FOLDER_OWNED.
 */
export async function requireNewStorePlace(dir: string): Promise<void> {
  await requireOutsideSynced(dir);
  const foreign = await findForeign(dir);
  if (foreign === undefined) return;
  throw new Failure('E_STORE_NOT_EMPTY', `${dir} is not empty: there is ${foreign}`, {
    subject: dir,
    action: 'choose an empty folder for a new vault, or one that is not there yet',
  });
}

/** The first thing in the folder that is neither a vault's nor a system's; undefined where there is none, or a vault. */
export async function findForeign(dir: string): Promise<string | undefined> {
  if (await isThere(path.join(dir, genesisName))) return undefined;
  const queue = [''];
  for (let below = queue.pop(); below !== undefined; below = queue.pop()) {
    for (const entry of await entriesOf(path.join(dir, below))) {
      const name = below + entry.name;
      if ((below === '' && litter.test(entry.name)) || traces.test(name)) continue;
      if (!entry.isDirectory()) return name;
      queue.push(`${name}/`);
    }
  }
  return undefined;
}

async function entriesOf(dir: string): Promise<{ readonly name: string; isDirectory(): boolean }[]> {
  try {
    return await fs.readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new Failure('E_DISK', `cannot look into ${dir}`, { subject: dir, cause: error });
  }
}

/** What can't be looked at was not put there by this user. */
async function isThere(file: string): Promise<boolean> {
  return fs.lstat(file).then(
    () => true,
    () => false,
  );
}
