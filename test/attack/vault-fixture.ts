import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runInProcess, type CliOutcome } from './in-process-cli.ts';
import { mirrorFolder } from './mirror-folder.ts';
import { StoreFolder } from './store-folder.ts';

/** A device in the fixture: its profile and its folder lie at places that never change, so that both can be copied back. */
export type DeviceName = 'laptop' | 'desk' | 'newcomer';

/**
 * Moments that can be gone back to. `agreed`: laptop and desk hold the same and know it. `ahead`: the laptop has published
 * more in three entries, which the desk has not seen; the desk has a new file of its own.
 */
export type Moment = 'agreed' | 'ahead';

/** Runs a command line of a device; in this process unless a test says otherwise. */
export type RunCli = (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<CliOutcome>;

/** How a fixture is to be made. */
export interface FixtureOptions {
  readonly run?: RunCli;
  /** A store behind a server: its URL, and the folder that the server keeps it in. A folder store where left out. */
  readonly served?: { readonly url: string; readonly dir: string };
}

/** Written on the desk before the attack; must stay there and must not be published upon a bad state. */
export const deskFile = 'written on the desk.txt';

/**
 * One vault with two devices on a folder store, made once and put back for every case: the same devices go on from the
 * same moment, which takes milliseconds where making them would take seconds.
 */
export class VaultFixture {
  readonly store: StoreFolder;
  /** Objects by when they came: up to the moment `agreed`, then with each of the laptop's three syncs. */
  readonly grown: (readonly string[])[] = [];
  readonly #place: string;
  readonly #storeUrl: string;
  readonly #isServed: boolean;
  #run: RunCli;
  #recoveryKey = '';

  private constructor({ run, served }: FixtureOptions) {
    this.#run = run ?? runInProcess;
    this.#place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-attack-'));
    fs.mkdirSync(this.path());
    this.store = new StoreFolder(served?.dir ?? this.path('store'));
    this.#storeUrl = served?.url ?? `file://${this.store.dir}`;
    this.#isServed = served !== undefined;
  }

  static async make(options: FixtureOptions = {}): Promise<VaultFixture> {
    const fixture = new VaultFixture(options);
    await fixture.#makeAgreement();
    fixture.#save('agreed');
    await fixture.#makeNews();
    fixture.#save('ahead');
    return fixture;
  }

  /** From here on, commands are run by this. */
  useCli(run: RunCli): void {
    this.#run = run;
  }

  /** Of a name beside the devices' folders and the store. */
  path(name = ''): string {
    return path.join(this.#place, 'live', name);
  }

  folder(device: DeviceName): string {
    return this.path(device);
  }

  profile(device: DeviceName): string {
    return this.path(`profile-${device}`);
  }

  get recoveryKey(): string {
    return this.#recoveryKey;
  }

  /** Goes back to that moment: store, folders, profiles. */
  restore(moment: Moment): void {
    mirrorFolder(this.#saved(moment), this.path());
    if (this.#isServed) mirrorFolder(this.savedStore(moment).dir, this.store.dir);
  }

  /** Back to `ahead`, and the desk has looked at its folder since: what it brings next, it plans in one go. */
  async restoreObserved(): Promise<void> {
    this.restore('ahead');
    for (const part of ['desk', 'profile-desk']) mirrorFolder(path.join(this.#saved('agreed'), part), this.path(part));
    mirrorFolder(this.savedStore('agreed').dir, this.store.dir);
    await this.must('desk', 'sync');
    this.healStore('ahead');
    this.#writeDeskFile();
  }

  /** The objects of that moment stand in the store again, each with its own bytes; what is there besides stays. */
  healStore(moment: Moment = 'ahead'): void {
    this.savedStore(moment).copyTo(this.store);
  }

  /** The store is as it was at the moment `agreed`; what this gives puts back all that it held until now. */
  rollBackStore(): () => void {
    const newest = new Map(this.store.names().map((name) => [name, this.store.read(name)]));
    this.store.empty();
    this.healStore('agreed');
    return () => {
      for (const [name, bytes] of newest) this.store.write(name, bytes);
    };
  }

  /** The store as it was at a moment, to read from. */
  savedStore(moment: Moment): StoreFolder {
    return new StoreFolder(this.#isServed ? `${this.#saved(moment)} store` : path.join(this.#saved(moment), 'store'));
  }

  cli(device: DeviceName, ...args: readonly string[]): Promise<CliOutcome> {
    return this.#run(['--profile', this.profile(device), ...args]);
  }

  join(device: DeviceName = 'newcomer'): Promise<CliOutcome> {
    return this.cli(device, 'join', ...this.#link(device), '--recovery-key', this.#recoveryKey);
  }

  /** Runs a command that must succeed. */
  async must(device: DeviceName, ...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.cli(device, ...args);
    if (exitCode !== 0) throw new Error(`${device}: ${args[0] ?? ''} ended with ${exitCode}: ${stderr}`);
    return stdout;
  }

  remove(): void {
    fs.rmSync(this.#place, { recursive: true, force: true });
  }

  async #makeAgreement(): Promise<void> {
    for (const device of ['laptop', 'desk', 'newcomer'] as const) fs.mkdirSync(this.folder(device));
    const at = (name: string): string => path.join(this.folder('laptop'), name);
    fs.mkdirSync(at('papers/empty'), { recursive: true });
    for (let number = 0; number < 8; number += 1) fs.writeFileSync(at(`papers/${number}.txt`), `paper ${number}\n`.repeat(50 * number));
    fs.writeFileSync(at('to edit.txt'), 'first words\n');
    fs.writeFileSync(at('to remove.txt'), 'will go\n');
    fs.writeFileSync(at('to move.txt'), 'will move\n');
    fs.writeFileSync(at('tool.sh'), '#!/bin/sh\n', { mode: 0o755 });
    fs.symlinkSync('papers/1.txt', at('link'));
    const made = await this.must('laptop', 'init', ...this.#link('laptop'), '--no-passphrase', '--json');
    this.#recoveryKey = (JSON.parse(made) as { recoveryKey: string }).recoveryKey;
    await this.must('laptop', 'sync');
    const joined = await this.join('desk');
    if (joined.exitCode !== 0) throw new Error(joined.stderr);
    for (const device of ['desk', 'laptop', 'desk', 'laptop'] as const) await this.must(device, 'sync');
    this.grown.push(this.store.names());
  }

  async #makeNews(): Promise<void> {
    const at = (name: string): string => path.join(this.folder('laptop'), name);
    fs.mkdirSync(at('news'));
    for (let number = 0; number < 5; number += 1) fs.writeFileSync(at(`news/${number}.txt`), `news ${number}\n`.repeat(100 * number + 1));
    fs.writeFileSync(at('to edit.txt'), 'second words\n');
    await this.#publish();
    fs.rmSync(at('to remove.txt'));
    fs.renameSync(at('to move.txt'), at('news/moved.txt'));
    fs.writeFileSync(at('second.txt'), 'in the second entry\n'.repeat(20));
    await this.#publish();
    fs.writeFileSync(at('papers/3.txt'), 'another third paper\n');
    fs.writeFileSync(at('third.txt'), 'in the third entry\n'.repeat(300));
    fs.rmdirSync(at('papers/empty'));
    await this.#publish();
    this.#writeDeskFile();
  }

  async #publish(): Promise<void> {
    const before = new Set(this.store.names());
    await this.must('laptop', 'sync');
    this.grown.push(this.store.names().filter((name) => !before.has(name)));
  }

  #writeDeskFile(): void {
    fs.writeFileSync(path.join(this.folder('desk'), deskFile), 'nobody else has this yet\n');
  }

  #link(device: DeviceName): string[] {
    return ['--store', this.#storeUrl, '--folder', this.folder(device), '--name', device, '--key-storage', 'file'];
  }

  #save(moment: Moment): void {
    fs.mkdirSync(path.join(this.#place, 'saved'), { recursive: true });
    execFileSync('cp', ['-a', this.path(), this.#saved(moment)]);
    if (this.#isServed) execFileSync('cp', ['-a', this.store.dir, this.savedStore(moment).dir]);
  }

  #saved(moment: Moment): string {
    return path.join(this.#place, 'saved', moment);
  }
}
