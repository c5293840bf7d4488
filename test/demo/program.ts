import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** The built command line, run as a person would: one profile for each device, everything below one folder. */
export class Program {
  readonly #place: string;
  readonly #servers: ChildProcess[] = [];

  constructor(place: string) {
    this.#place = place;
  }

  /** Starts the server and gives the store's URL. */
  async serve(root: string): Promise<string> {
    const child = this.#spawn(['serve', '--root', root, '--listen', '127.0.0.1:0', '--json']);
    this.#servers.push(child);
    let output = '';
    for await (const chunk of child.stdout ?? []) {
      output += String(chunk);
      const url = /"url":"([^"]+)"/.exec(output)?.[1];
      if (url !== undefined) {
        child.stdout?.resume();
        return url;
      }
    }
    throw new Error(`the server did not start: ${output}`);
  }

  async init(device: string, url: string, folder: string): Promise<{ recoveryKey: string }> {
    return JSON.parse(
      await this.run(device, [
        'init',
        '--store',
        url,
        '--folder',
        folder,
        '--name',
        device,
        '--no-passphrase',
        '--key-storage',
        'file',
        '--json',
      ]),
    ) as { recoveryKey: string };
  }

  async join(device: string, { url, folder, recoveryKey }: { url: string; folder: string; recoveryKey: string }): Promise<void> {
    fs.mkdirSync(folder, { recursive: true });
    await this.run(device, [
      'join',
      '--store',
      url,
      '--folder',
      folder,
      '--name',
      device,
      '--recovery-key',
      recoveryKey,
      '--key-storage',
      'file',
    ]);
  }

  /** Runs a command of this device; its standard output. Throws with what it said where it fails. */
  async run(device: string, args: readonly string[]): Promise<string> {
    const child = this.#spawn(['--profile', path.join(this.#place, `profile-${device}`), ...args]);
    const output = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => (output.out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output.err += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    if (code !== 0) throw new Error(`${device}: cachette ${args[0] ?? ''} ended with ${code}: ${output.err}${output.out}`);
    return output.out.trim();
  }

  /** Ends what still runs. */
  async stop(): Promise<void> {
    for (const child of this.#servers) {
      const ended = new Promise((resolve) => child.on('close', resolve));
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    }
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
