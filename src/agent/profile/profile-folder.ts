/**
 * What a device keeps, all of it for the owner alone (0700, 0600):
 *
 *     settings.json   which vault, which folder, what was configured; nothing secret
 *     device.json     the device's keys and the store's URL, sealed (device-bundle.ts)
 *     device.key      what opens them, only where `--key-storage file` was chosen
 *     selection.json  second copy of what selective sync leaves out
 *     index.sqlite    the three trees and the journal's book: expendable
 *     pin             second copy of what was seen of the vault, sealed
 *     verify.sqlite   a second index, while `verify` runs
 *     past.sqlite     another one, while what was before a snapshot is read
 *     device.lock     held while device.json is written anew
 *     settings.lock   held while settings.json is changed
 *     owner.lock      held by the one process that works with all this
 *     agent.sock      where a running agent listens
 *     agent.token     what it wants to hear first
 *     log/            what happened, without names and secrets
 */
import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import { lockName, settingsName, socketName, tokenName } from '../../control/control-place.ts';
import { makeFolders } from './make-folders.ts';
import { asFailure, isAbsent, strangeAction } from './private-file.ts';

const names = {
  settings: settingsName,
  bundle: 'device.json',
  key: 'device.key',
  index: 'index.sqlite',
  pin: 'pin',
  selection: 'selection.json',
  lock: lockName,
  bundleLock: 'device.lock',
  settingsLock: 'settings.lock',
  scratch: 'verify.sqlite',
  past: 'past.sqlite',
  log: 'log',
  socket: socketName,
  token: tokenName,
} as const;

/** Bits that let group or others in. */
const foreignBits = 0o077;

/** What an agent has there while it runs, also where it has no profile yet. */
const agentNames = [names.lock, names.socket, names.token];

/** A profile's place on the disk. */
export class ProfileFolder {
  readonly dir: string;
  readonly #kept: readonly string[];
  /** The first folder on the way to it that `make` had to make. */
  #made: string | undefined;

  /** With `isAtWork`, an agent runs here: what is its own stays, whatever is removed. */
  constructor(dir: string, { isAtWork = false }: { readonly isAtWork?: boolean } = {}) {
    this.dir = path.resolve(dir);
    this.#kept = isAtWork ? agentNames : [];
  }

  file(name: keyof typeof names): string {
    return path.join(this.dir, names[name]);
  }

  /** Whether a profile stands here. */
  async exists(): Promise<boolean> {
    return (await findStats(this.file('settings'))) !== undefined;
  }

  /** Whether the keys of a device lie here, and what it knew of its vault. */
  async hasKeys(): Promise<boolean> {
    const found = await Promise.all([this.file('bundle'), this.file('index')].map(findStats));
    return found.every((stats) => stats !== undefined);
  }

  /**
   * Makes the folder, or takes one that an earlier try left half-made. Throws E_PROFILE_EXISTS where a profile or anything else
   * stands there; then no folder is left that was not there.
   */
  async make(): Promise<void> {
    if (await this.exists()) throw new Failure('E_PROFILE_EXISTS', `${this.dir} holds a profile already`, { subject: this.dir });
    try {
      this.#made = await makeFolders(this.dir, 0o700);
      const foreign = (await fs.readdir(this.dir)).find((name) => !isOwnName(name));
      if (foreign !== undefined) throw new Failure('E_PROFILE_EXISTS', `${this.dir} is not empty`, { subject: this.dir });
      await this.#closeToOthers(this.dir);
    } catch (error) {
      await this.unmake();
      throw asFailure(error, 'make', this.dir);
    }
  }

  /** Removes what an earlier try left, or this one. For the lock's owner alone, who keeps it: anybody else's try would lose its keys. */
  async clear(): Promise<void> {
    for (const name of await fs.readdir(this.dir)) {
      if (isOwnName(name) && ![names.lock, ...this.#kept].some((kept) => name.startsWith(kept)))
        await fs.rm(path.join(this.dir, name), { recursive: true, force: true });
    }
  }

  /** From then on no profile stands here. */
  async removeSettings(): Promise<void> {
    await fs.rm(this.file('settings'), { force: true });
  }

  /** For whoever owned the lock, and has just given it back where nothing came of a try. */
  async removeLock(): Promise<void> {
    if (this.#kept.length === 0) await fs.rm(this.file('lock'), { force: true });
  }

  /** Removes the folders that `make` made, as far as they are empty: by now others may have put something beside this one. */
  async unmake(): Promise<void> {
    const top = this.#made;
    this.#made = undefined;
    if (top === undefined) return;
    const isGone = (dir: string): Promise<boolean> =>
      fs.rmdir(dir).then(
        () => true,
        () => false,
      );
    for (let dir = this.dir; (await isGone(dir)) && dir !== top; dir = path.dirname(dir));
  }

  /** Throws E_NO_PROFILE where none stands here, E_LOCAL_PERMS where others could look in and that can't be mended. */
  async check(): Promise<void> {
    if (!(await this.exists())) throw new Failure('E_NO_PROFILE', `there is no profile in ${this.dir}`, { subject: this.dir });
    await this.#closeToOthers(this.dir);
    for (const name of await fs.readdir(this.dir)) await this.#closeToOthers(path.join(this.dir, name));
  }

  async #closeToOthers(file: string): Promise<void> {
    if (process.platform === 'win32') return;
    const stats = await findStats(file);
    if (stats === undefined) return;
    if (stats.isSymbolicLink() && file !== this.dir) throw strange(file, 'is a link');
    const real = stats.isSymbolicLink() ? await fs.stat(file) : stats;
    if (real.isFIFO() || real.isBlockDevice() || real.isCharacterDevice()) throw strange(file, 'is no file');
    if (real.uid !== process.getuid?.()) throw open(file, 'belongs to another user', { action: notOwn });
    if ((real.mode & foreignBits) === 0) return;
    try {
      await fs.chmod(file, real.mode & 0o700);
    } catch (cause) {
      throw open(file, 'can be read by others', { cause });
    }
    // Some file systems take the call and keep the bits.
    if (((await fs.stat(file)).mode & foreignBits) !== 0) throw open(file, 'can be read by others');
  }
}

/** Also what is written beside a file: drafts, SQLite's own. */
function isOwnName(name: string): boolean {
  return Object.values(names).some((own) => name === own || name.startsWith(`${own}.`) || name.startsWith(`${own}-`));
}

async function findStats(file: string): Promise<Stats | undefined> {
  try {
    return await fs.lstat(file);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw asFailure(error, 'look at', file);
  }
}

const notOwn = 'give it to yourself (chown), or use a profile of your own';

/** Whoever follows a link, or changes the rights of what it leads to, changes something else than the profile. */
function strange(file: string, why: string): Failure {
  return open(file, why, { action: strangeAction });
}

function open(file: string, why: string, detail: { readonly action?: string; readonly cause?: unknown } = {}): Failure {
  return new Failure('E_LOCAL_PERMS', `${file} ${why}`, { subject: file, ...detail });
}
