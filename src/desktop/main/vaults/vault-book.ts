/** The vaults of this computer that the app keeps: found at its start, added by the wizard, gone when somebody parts from one. */
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../../../base/failure.ts';
import { vaultsMax } from '../../../control/acts/shell-acts.ts';
import { lockName, settingsName, socketName, tokenName } from '../../../control/control-place.ts';
import { nextNumber, numbersAtStart, profileDirOf } from './profile-dirs.ts';
import { leavingVaults, waitingVault, type VaultFacts } from './vault-fates.ts';
import type { Vault } from './vault.ts';

export interface VaultBookParts {
  /** Of the first vault's profile. */
  readonly usualDir: string;
  readonly make: (number: number, profileDir: string, wasLinked: boolean) => Vault;
  /** Some came or went. */
  readonly onChange: () => void;
  /** Nothing of the app is to be about this one any more. */
  readonly forget: (number: number) => void;
}

export class VaultBook {
  readonly #parts: VaultBookParts;
  readonly #vaults = new Map<number, Vault>();
  /** Their agents end. */
  readonly #leaving = new Map<number, Promise<void>>();
  /** Whose agents don't run. */
  readonly #removing = new WeakSet<Vault>();
  #isOver = false;

  constructor(parts: VaultBookParts) {
    this.#parts = parts;
  }

  start(): void {
    for (const number of numbersAtStart((each) => this.#hasProfile(each))) this.#take(number);
  }

  /** By their numbers. */
  get all(): readonly Vault[] {
    return [...this.#vaults.values()].toSorted((one, other) => one.number - other.number);
  }

  /** Those that are more than a wizard that somebody opened. */
  get shown(): readonly Vault[] {
    const linked = this.all.filter(({ wasLinked }) => wasLinked);
    return linked.length === 0 ? this.all : linked;
  }

  get facts(): readonly VaultFacts[] {
    return this.all.map((vault) => vault.facts);
  }

  find(number: number): Vault | undefined {
    return this.#vaults.get(number);
  }

  /** Throws E_NOT_FOUND for one that is not there, or not any more. */
  get(number: number): Vault {
    const vault = this.find(number);
    if (vault === undefined) throw new Failure('E_NOT_FOUND', 'this vault is not in the app any more', { action: 'close the window' });
    return vault;
  }

  /** One without a folder: another one, unless there is such a one already. Throws E_USAGE where there are enough. */
  add(): Vault {
    const waiting = waitingVault(this.facts);
    if (waiting !== undefined) return this.get(waiting);
    const taken = new Set([...this.#vaults.keys(), ...this.#leaving.keys()]);
    const number = nextNumber(taken, (each) => isFree(this.#dirOf(each)));
    if (number === undefined)
      throw new Failure('E_USAGE', `there are ${vaultsMax} vaults in the app`, { action: 'remove one from this computer first' });
    return this.#take(number);
  }

  /** Parts from its folder. Throws as `unlink`, E_NOT_FOUND, E_BUSY while its agent begins, or another program is at work. */
  async remove(number: number): Promise<void> {
    const vault = this.get(number);
    if (vault.isAgentUp) {
      await vault.ask('unlink', {});
      vault.noteUnlinked();
      this.heed();
      return;
    }
    if (this.#removing.has(vault)) throw new Failure('E_BUSY', 'this vault is being removed already');
    this.#removing.add(vault);
    try {
      await vault.giveUp();
    } catch (error) {
      this.#renew(vault);
      throw error;
    }
    if (leavingVaults(this.facts).includes(number)) await this.#drop(number);
    else this.#renew(vault);
  }

  /** Its wizard was closed: where nothing came of that, nothing stays. */
  async settle(number: number): Promise<void> {
    const vault = this.find(number);
    if (vault === undefined || vault.wasLinked || this.#vaults.size === 1) return;
    await vault.ask('stop-set-up', {}).catch(() => {});
    const isLinked = await vault.look();
    if (!isLinked && !vault.wasLinked) await this.#drop(number);
  }

  /** Something is known anew. */
  heed(): void {
    for (const number of leavingVaults(this.facts)) void this.#drop(number);
  }

  /** Nothing is done by itself any more. */
  rest(): void {
    this.#isOver = true;
    for (const vault of this.all) vault.rest();
  }

  async end(): Promise<void> {
    this.rest();
    const added = this.all.filter(({ wasLinked }) => !wasLinked).map(({ number }) => number);
    await Promise.all([...this.all.map((vault) => vault.end()), ...this.#leaving.values()]);
    for (const number of added) removeLeft(this.#dirOf(number));
  }

  #take(number: number): Vault {
    const vault = this.#parts.make(number, this.#dirOf(number), this.#hasProfile(number));
    this.#vaults.set(number, vault);
    vault.start();
    this.#parts.onChange();
    return vault;
  }

  /** Its agent was ended for good: another one begins, as the profile is now. */
  #renew({ number }: Vault): void {
    if (this.#isOver) return;
    this.#vaults.delete(number);
    this.#take(number);
  }

  #drop(number: number): Promise<void> {
    const vault = this.find(number);
    if (vault === undefined || this.#isOver) return Promise.resolve();
    this.#vaults.delete(number);
    const left = this.#leave(vault);
    this.#leaving.set(number, left);
    this.#parts.forget(number);
    this.#parts.onChange();
    return left;
  }

  async #leave(vault: Vault): Promise<void> {
    const { number } = vault;
    await vault.end();
    this.#leaving.delete(number);
    // A set-up that was stopped as its last step was done is one that was done.
    if (this.#hasProfile(number) && !this.#isOver) this.#take(number);
    else removeLeft(this.#dirOf(number));
  }

  #dirOf(number: number): string {
    return profileDirOf(this.#parts.usualDir, number);
  }

  #hasProfile(number: number): boolean {
    return fs.existsSync(path.join(this.#dirOf(number), settingsName));
  }
}

/** Nothing, or what an agent left there that was killed. */
function isFree(dir: string): boolean {
  if (fs.existsSync(path.join(dir, settingsName))) return false;
  try {
    const names = fs.readdirSync(dir);
    return names.every(isOfAgent);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

function isOfAgent(name: string): boolean {
  return [lockName, socketName, tokenName].some((own) => name.startsWith(own));
}

/** An agent takes with it what it made, unless it had to be killed; the place itself it leaves where it found it. */
function removeLeft(dir: string): void {
  if (fs.existsSync(path.join(dir, settingsName))) return;
  try {
    for (const name of fs.readdirSync(dir).filter(isOfAgent)) fs.rmSync(path.join(dir, name));
    fs.rmdirSync(dir);
  } catch {
    // Something else is in it, or it is gone.
  }
}
