import fs from 'node:fs';
import path from 'node:path';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { startInProcess, type CliOutcome, type StartedCli } from '../attack/in-process-cli.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

/** Real waiting for what others do, but shorter: what takes minutes of patience takes seconds. */
export class HastyClock implements Clock {
  readonly #startMs = performance.now();
  readonly #factor: number;

  constructor(factor = 10) {
    this.#factor = factor;
  }

  nowMs(): number {
    return Math.floor(systemClock.nowMs() + this.#aheadMs());
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#aheadMs();
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(delayMs / this.#factor, signal);
  }

  #aheadMs(): number {
    return (performance.now() - this.#startMs) * (this.#factor - 1);
  }
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

/** Devices of one vault in this process, each with its profile and folder, over a folder store. */
export class DeviceRig {
  readonly place: string;
  recoveryKey = '';

  private constructor(place: string) {
    this.place = place;
  }

  static async open(): Promise<DeviceRig> {
    return new DeviceRig(await temporaryFolder());
  }

  /** A vault without a passphrase, and devices in agreement that joined by the recovery key. */
  static async withDevices(first: string, ...others: readonly string[]): Promise<DeviceRig> {
    const rig = await DeviceRig.open();
    await rig.init(first);
    rig.write(first, 'a.txt', `from ${first}`);
    await rig.sync(first);
    for (const other of others) await rig.join(other);
    if (others.length > 0) await rig.sync(...others, first, ...others);
    return rig;
  }

  at(...names: readonly string[]): string {
    return path.join(this.place, ...names);
  }

  profile(device: string): string {
    return this.at(`profile-${device}`);
  }

  get store(): string {
    return `file://${this.at('store')}`;
  }

  write(device: string, name: string, text: string): void {
    fs.writeFileSync(this.at(device, name), text);
  }

  /** What lies in a device's folder, without Cachette's own. */
  files(device: string): string[] {
    return fs.readdirSync(this.at(device)).filter((name) => !name.startsWith('.'));
  }

  /** Objects of the store below a prefix. */
  objects(prefix = ''): string[] {
    const names = fs.readdirSync(this.at('store'), { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.startsWith(prefix) && !name.startsWith('.tmp') && fs.statSync(this.at('store', name)).isFile())
      .toSorted();
  }

  start(device: string, args: readonly string[], options: RunOptions = {}): StartedCli {
    return startInProcess(['--profile', this.profile(device), ...args], options);
  }

  on(device: string, args: readonly string[], options?: RunOptions): Promise<CliOutcome> {
    return this.start(device, args, options).ended;
  }

  /** Runs a command that must succeed. */
  async must(device: string, args: readonly string[], options?: RunOptions): Promise<CliOutcome> {
    const outcome = await this.on(device, args, options);
    if (outcome.exitCode !== 0) throw new Error(`${device}: ${args.join(' ')} ended with ${outcome.exitCode}: ${outcome.stderr}`);
    return outcome;
  }

  async json<Result>(device: string, args: readonly string[], options?: RunOptions): Promise<Result> {
    return JSON.parse((await this.must(device, [...args, '--json'], options)).stdout) as Result;
  }

  async init(device: string): Promise<void> {
    const made = await this.json<{ recoveryKey: string }>(device, ['init', ...this.link(device), '--no-passphrase']);
    this.recoveryKey = made.recoveryKey;
  }

  async join(device: string, recoveryKey = this.recoveryKey): Promise<void> {
    await this.must(device, ['join', ...this.link(device), '--recovery-key', recoveryKey]);
  }

  async sync(...devices: readonly string[]): Promise<void> {
    for (const device of devices) await this.must(device, ['sync']);
  }

  /** Options of `init` and `join`. The folder is made. */
  link(device: string, store = this.store): string[] {
    fs.mkdirSync(this.at(device), { recursive: true });
    return ['--store', store, '--folder', this.at(device), '--name', device, '--key-storage', 'file'];
  }
}
