import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { ServerProcess } from './server-process.ts';

const run = promisify(execFile);

/** A session as one has it after logging in, without a screen: a bus of its own, and a keychain when it is started. Over when the test is. */
export class KeyringSession {
  /** What a program of this session is told. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #bus: ServerProcess;
  readonly #keyring: ServerProcess;

  static async open(): Promise<KeyringSession> {
    const session = new KeyringSession(await temporaryFolder());
    onTestFinished(() => session.#close());
    await session.startBus();
    return session;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    const [home, runtime, address] = [this.#file('home'), this.#file('run'), `unix:path=${this.#file('run/bus')}`];
    fs.mkdirSync(home);
    fs.mkdirSync(runtime, { mode: 0o700 });
    fs.writeFileSync(this.#file('bus.conf'), busSettings(address));
    // No screen: who wants to ask for a password can't.
    this.env = { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const env = { ...this.env, HOME: home, XDG_DATA_HOME: `${home}/data` };
    this.#bus = new ServerProcess({
      command: 'dbus-daemon',
      args: [`--config-file=${this.#file('bus.conf')}`, '--nofork', '--nopidfile'],
      env,
      logFile: this.#file('bus.log'),
    });
    this.#keyring = new ServerProcess({
      command: 'sh',
      args: ['-c', 'exec gnome-keyring-daemon --unlock --foreground --components=secrets < "$0"', this.#file('password')],
      env,
      logFile: this.#file('keyring.log'),
    });
  }

  async startBus(): Promise<void> {
    await this.#bus.start();
    await this.#until(async () => (await this.#ask('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames')) !== '');
  }

  /** As logging in does. A wrong password leaves the keychain locked; the first one is its password from then on. */
  async startKeyring(password: string): Promise<void> {
    fs.writeFileSync(this.#file('password'), password, { mode: 0o600 });
    await this.#keyring.start();
    const name = 'string:org.freedesktop.secrets';
    await this.#until(async () =>
      (await this.#ask('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', name)).includes('true'),
    );
  }

  async lock(): Promise<void> {
    const [service, top] = ['org.freedesktop.secrets', '/org/freedesktop/secrets'];
    await this.#ask(service, top, 'org.freedesktop.Secret.Service.Lock', `array:objpath:${top}/collection/login`);
  }

  killKeyring(): Promise<void> {
    return this.#keyring.kill();
  }

  async killBus(): Promise<void> {
    await this.#bus.kill();
    fs.rmSync(this.#file('run/bus'), { force: true });
  }

  async #close(): Promise<void> {
    await this.#keyring.kill();
    await this.#bus.kill();
  }

  /** What the keychain has of the program; empty where it is locked or has none. */
  async secrets(): Promise<readonly string[]> {
    const { stdout } = await run('secret-tool', ['search', '--all', 'service', 'cachette'], { env: { ...process.env, ...this.env } });
    return [...stdout.matchAll(/^secret = (?<secret>.*)$/gm)].map(({ groups }) => groups?.['secret'] ?? '');
  }

  async #ask(name: string, object: string, method: string, ...args: readonly string[]): Promise<string> {
    const env = { ...process.env, ...this.env };
    return (await run('dbus-send', ['--session', '--print-reply=literal', `--dest=${name}`, object, method, ...args], { env })).stdout;
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await holds().catch(() => false)) return;
      await sleep(50);
    }
    const logs = ['bus.log', 'keyring.log'].map((name) =>
      fs.existsSync(this.#file(name)) ? fs.readFileSync(this.#file(name), 'utf8') : '',
    );
    throw new Error(`the session did not come up: ${logs.join('\n')}`);
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }
}

/** Starts nobody by itself: a keychain that is away stays away. */
function busSettings(address: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>${address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
`;
}
