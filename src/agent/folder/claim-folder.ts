/**
 * Whose a folder is. The mark in it (disk/link-folder.ts) names the profile that linked it: while that profile lives, nobody
 * else may have the folder, nor one inside it or around it. A profile that is gone leaves a folder that anyone may take.
 */
import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import type { Random } from '../../base/random.ts';
import { linkFolder } from '../../disk/link-folder.ts';
import { privateFolderName } from '../../model/name.ts';
import { livingOwner, markFile, markMaxBytes, newMark } from './folder-mark.ts';
import { isProfile, isProfileAtHome } from './profile-place.ts';
import { settingsName } from '../../control/control-place.ts';
import { makeFolders } from '../profile/make-folders.ts';
import { asFailure, isAbsent, readPrivateFile, writePrivateFile } from '../profile/private-file.ts';

/** A folder that was claimed. */
export interface ClaimedFolder {
  readonly dir: string;
  readonly mark: string;
  /** Gives it back as it was. */
  release(): Promise<void>;
}

/** Places that must not lie in the folder, nor the folder in them. */
export interface KeepApart {
  readonly profileDir: string;
  /** Of a store that is a folder of this machine. */
  readonly storeDir: string | undefined;
}

/** Claims the folder, which is made where it is missing. Throws E_FOLDER_OWNED, E_NOT_FOUND (no folder), E_DISK. */
export async function claimFolder(wanted: string, apart: KeepApart, random: Random): Promise<ClaimedFolder> {
  const made = await makeFolder(wanted);
  try {
    const dir = await fs.realpath(wanted);
    await requireApart(dir, apart);
    if (apart.storeDir !== undefined) await requireStoreApart(apart.storeDir, { dir, profileDir: apart.profileDir });
    await requireFree(dir);
    const mark = newMark(apart.profileDir, random);
    const hadPrivate = await isThere(path.join(dir, privateFolderName));
    const previous = await readPrivateFile(markFile(dir), markMaxBytes);
    if (previous !== undefined) await fs.rm(markFile(dir));
    await linkFolder(dir, mark);
    return {
      dir,
      mark,
      release: async () => {
        if (previous !== undefined) await writePrivateFile(markFile(dir), previous);
        else await fs.rm(hadPrivate ? markFile(dir) : path.join(dir, privateFolderName), { recursive: true, force: true });
        await removeMade(made);
      },
    };
  } catch (error) {
    await removeMade(made);
    throw asFailure(error, 'link', wanted);
  }
}

/** Takes the mark out of a folder that is given up, where it still is this one. Files and the folder's trash stay. */
export async function releaseFolder(dir: string, mark: string): Promise<void> {
  const there = await readPrivateFile(markFile(dir), markMaxBytes).catch(() => undefined);
  if (there !== undefined && Buffer.from(there).toString('utf8') === mark) await fs.rm(markFile(dir), { force: true });
}

/**
 * Whether the folder could be claimed; nothing is changed. Where it would be, and whether it is there. Throws E_FOLDER_OWNED,
 * E_NOT_FOUND (no folder, or none can be made there), E_DISK.
 */
export async function checkFolder(wanted: string, apart: KeepApart): Promise<{ readonly dir: string; readonly exists: boolean }> {
  try {
    const dir = await realPathOf(path.resolve(wanted));
    await requireApart(dir, apart);
    const stats = await fs.stat(dir).catch(unlessAbsent);
    if (stats !== undefined && !stats.isDirectory()) throw new Failure('E_NOT_FOUND', `${wanted} is not a folder`, { subject: wanted });
    if (stats !== undefined) await requireFree(dir);
    await requireNotBelow(dir);
    await fs.access(await nearestFolder(dir), fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    return { dir, exists: stats !== undefined };
  } catch (error) {
    throw asFailure(error, 'link', wanted);
  }
}

/** The folder, or the first one above it that is there. */
export async function nearestFolder(dir: string): Promise<string> {
  for (let at = dir; ; at = path.dirname(at)) if (path.dirname(at) === at || (await isThere(at))) return at;
}

/** As `linkFolder` will have it. */
async function requireNotBelow(dir: string): Promise<void> {
  for (let at = path.dirname(dir), below = dir; at !== below; below = at, at = path.dirname(at)) {
    if (await isThere(markFile(at))) throw owned(`it lies in ${at}, which is linked already`);
  }
}

function unlessAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

/**
 * The folder with this mark, at another place than before. Gives its true path. Throws E_NOT_FOUND (no folder there, or not
 * the one that was linked), E_FOLDER_OWNED (others lie in it, or it in them), E_DISK.
 */
export async function findMovedFolder(wanted: string, apart: KeepApart, mark: string): Promise<string> {
  try {
    const dir = await fs.realpath(wanted);
    const there = await readPrivateFile(markFile(dir), markMaxBytes);
    if (there === undefined || Buffer.from(there).toString('utf8') !== mark) throw notLinked(dir);
    await requireApart(dir, apart);
    await requireFree(dir, apart.profileDir);
    await linkFolder(dir, mark);
    return dir;
  } catch (error) {
    throw isAbsent(error) ? notLinked(wanted) : asFailure(error, 'link', wanted);
  }
}

function notLinked(dir: string): Failure {
  return new Failure('E_NOT_FOUND', `${dir} is not the folder that this device keeps in sync`, {
    subject: dir,
    action: `give the place to which it was moved, with the ${privateFolderName} folder in it; where that is lost, \`cachette join\` with a new profile goes on with the files as they are`,
  });
}

/** The first folder that had to be made; undefined where all were there. */
async function makeFolder(dir: string): Promise<string | undefined> {
  try {
    return await makeFolders(dir);
  } catch (cause) {
    throw new Failure('E_NOT_FOUND', `${dir} is not a folder and cannot be made one`, {
      subject: dir,
      action: 'give a folder of your own',
      cause,
    });
  }
}

/** Only where nothing was put in meanwhile. */
async function removeMade(made: string | undefined): Promise<void> {
  if (made === undefined) return;
  const below = await fs.readdir(made, { recursive: true, withFileTypes: true });
  if (below.every((entry) => entry.isDirectory())) await fs.rm(made, { recursive: true, force: true });
}

async function requireApart(dir: string, { profileDir, storeDir }: KeepApart): Promise<void> {
  const others = [
    [profileDir, "the profile's folder"],
    [storeDir, "the store's folder"],
  ] as const;
  for (const [other, what] of others) {
    if (other === undefined) continue;
    const real = await realPathOf(other);
    if (isWithin(real, dir) || isWithin(dir, real)) throw owned(`${what} and the synced folder can not lie in each other`);
  }
  // Of other vaults, too. Those that lie in the folder are looked for with the marks in it.
  for (let at = dir, below = ''; at !== below; below = at, at = path.dirname(at))
    if (await isProfile(at)) throw ofProfile(at, 'it lies in');
}

/**
 * The store's folder and what this device keeps do not lie in each other: what is stored would be synced, and stored, without end, and
 * keys would lie where they are never to be. Throws E_FOLDER_OWNED.
 */
export async function requireStoreApart(storeDir: string, own: { readonly dir: string; readonly profileDir: string }): Promise<void> {
  const store = await realPathOf(storeDir);
  for (const [kept, what] of [
    [own.dir, 'the synced folder'],
    [own.profileDir, "the profile's folder"],
  ] as const) {
    const real = await realPathOf(kept);
    if (!isWithin(real, store) && !isWithin(store, real)) continue;
    throw new Failure('E_FOLDER_OWNED', `the store can't be in ${storeDir}: it and ${what} can not lie in each other`, {
      subject: storeDir,
      action: 'choose another place for the store',
    });
  }
}

/** Where the path leads, also while its last parts do not exist yet. */
export async function realPathOf(file: string): Promise<string> {
  try {
    return await fs.realpath(file);
  } catch (error) {
    if (!isAbsent(error) || path.dirname(file) === file) throw error;
    return path.join(await realPathOf(path.dirname(file)), path.basename(file));
  }
}

function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

/** No living profile (but this one) has the folder, or one below it. Those above are looked at by `linkFolder`. */
async function requireFree(dir: string, own?: string): Promise<void> {
  const queue = [dir];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    const owner = folder === dir ? await ownerOf(folder) : await ownerOf(folder).catch(notOurs);
    if (owner !== undefined && !(folder === dir && owner === own))
      throw folder === dir ? ofOwner(owner) : owned(`${folder}, which lies in it, belongs to the profile ${owner}`);
    const entries = await entriesOf(folder);
    if (entries.some(({ name }) => name === settingsName) && (await isProfileAtHome(folder))) throw ofProfile(folder, 'in it lies');
    for (const entry of entries) if (entry.isDirectory() && entry.name !== privateFolderName) queue.push(path.join(folder, entry.name));
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await fs.readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function ownerOf(folder: string): Promise<string | undefined> {
  const mark = await readPrivateFile(markFile(folder), markMaxBytes);
  return mark === undefined ? undefined : livingOwner(Buffer.from(mark).toString('utf8'));
}

/** What can't be read was not linked by this user. */
function notOurs(): undefined {
  return undefined;
}

async function isThere(file: string): Promise<boolean> {
  try {
    await fs.lstat(file);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function ofProfile(dir: string, how: string): Failure {
  return owned(`${how} ${dir}, where Cachette keeps the keys of a vault`, 'choose a folder of your own files, away from that one');
}

/** Also what a person reads who was told to start over with a new profile. */
function ofOwner(owner: string): Failure {
  const action = `choose another folder; to start over with the files in this one, end what is at work with that profile and move ${owner} elsewhere first`;
  return owned(`it belongs to the profile ${owner}`, action);
}

function owned(reason: string, action?: string): Failure {
  return new Failure('E_FOLDER_OWNED', `cannot link the folder: ${reason}`, action === undefined ? {} : { action });
}
