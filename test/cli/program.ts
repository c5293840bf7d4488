import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';

export const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What is on its standard input; closed and no terminal in any case. */
  readonly input?: string;
}

/** A run under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line of stdout that it accepts. */
  line(accept: (line: string) => boolean): Promise<string>;
}

/** The built program as scripts run it, one profile for each device, everything below one folder of the test. */
export class Program {
  readonly place: string;

  private constructor(place: string) {
    this.place = place;
  }

  static async open(): Promise<Program> {
    return new Program(await temporaryFolder());
  }

  at(...names: readonly string[]): string {
    return path.join(this.place, ...names);
  }

  profile(device: string): string {
    return this.at(`profile-${device}`);
  }

  /** Starts a command; killed at the end of the test if it still runs, and then gone before the folder of the test is. */
  start(args: readonly string[], { env = {}, input }: RunOptions = {}): Running {
    const child = spawn(process.execPath, [cli, ...args], { env: { ...this.#env(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    // To its end: what it still writes would come into the folder while that is taken away.
    const exited = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exited;
    });
    child.stdin.on('error', () => {}); // it need not read
    child.stdin.end(input);
    const { promise: exit, resolve } = Promise.withResolvers<[number | null, NodeJS.Signals | null]>();
    child.once('close', (code, signal) => resolve([code, signal]));
    const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(([[code, signal], out, err]) => ({
      code,
      signal,
      out,
      err,
    }));
    const line = (accept: (line: string) => boolean): Promise<string> =>
      new Promise((found, missing) => {
        let seen = '';
        child.stdout.on('data', (chunk: Buffer) => {
          seen += chunk.toString();
          const match = seen.split('\n').slice(0, -1).find(accept);
          if (match !== undefined) found(match);
        });
        void exit.then(() => missing(new Error(`it ended without that line: ${seen}`)));
      });
    return { child, ended, line };
  }

  run(args: readonly string[], options?: RunOptions): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** Runs a command of a device. */
  on(device: string, args: readonly string[], options?: RunOptions): Promise<Ended> {
    return this.run(['--profile', this.profile(device), ...args], options);
  }

  startOn(device: string, args: readonly string[], options?: RunOptions): Running {
    return this.start(['--profile', this.profile(device), ...args], options);
  }

  /** Runs a command of a device that must succeed; what it printed, as JSON. */
  async json<Result = unknown>(device: string, args: readonly string[], options?: RunOptions): Promise<Result> {
    return JSON.parse(mustSucceed(await this.on(device, [...args, '--json'], options)).out) as Result;
  }

  /** Makes a vault without a passphrase (which costs seconds) on the device's folder; the recovery key. */
  async init(device: string, store: string): Promise<string> {
    fs.mkdirSync(this.at(device), { recursive: true });
    const args = ['init', '--store', store, '--folder', this.at(device), '--name', device, '--no-passphrase', '--key-storage', 'file'];
    return (await this.json<{ recoveryKey: string }>(device, args)).recoveryKey;
  }

  async join(device: string, store: string, recoveryKey: string): Promise<void> {
    const args = [
      'join',
      '--store',
      store,
      '--folder',
      this.at(device),
      '--name',
      device,
      '--recovery-key',
      recoveryKey,
      '--key-storage',
      'file',
    ];
    mustSucceed(await this.on(device, args));
  }

  /** Syncs the devices one after the other; each must end in agreement. */
  async sync(...devices: readonly string[]): Promise<void> {
    for (const device of devices) mustSucceed(await this.on(device, ['sync']));
  }

  /** Starts the server; the store's URL with its token. */
  async serve(root?: string): Promise<string> {
    return (await this.startServer(root)).url;
  }

  async startServer(root = this.at('server'), options?: RunOptions): Promise<{ readonly url: string; readonly running: Running }> {
    const running = this.start(['serve', '--root', root, '--listen', '127.0.0.1:0', '--json'], options);
    const line = await running.line((text) => text.startsWith('{'));
    return { url: (JSON.parse(line) as { url: string }).url, running };
  }

  storeUrl(name = 'store'): string {
    return `file://${this.at(name)}`;
  }

  /** Nothing of the one who runs the tests: no settings, no keychain, no terminal. */
  #env(): Record<string, string> {
    const kept = Object.entries(process.env).filter(
      ([name, value]) => value !== undefined && !/^(?:CACHETTE_|AWS_|XDG_|DBUS_|HOME$|NODE_OPTIONS$)/.test(name),
    );
    return { ...(Object.fromEntries(kept) as Record<string, string>), HOME: this.at('home'), XDG_CACHE_HOME: cacheHome };
  }
}

/** Shared by all tests, so that compiled code is compiled once. */
const cacheHome = path.resolve(import.meta.dirname, '../../.tmp/cache');

export function mustSucceed(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`it ended with ${ended.code ?? ended.signal ?? ''}: ${ended.err}${ended.out}`);
  return ended;
}
