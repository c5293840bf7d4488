/**
 * The system's keychain, spoken to by the tool that the system brings along: no binding has to be compiled, and the secret
 * goes through a pipe, never through arguments or the environment.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Failure } from '../../base/failure.ts';

/** Where the secret rests; recorded in the profile, so that a change is noticed. */
export type KeychainBackend = 'libsecret' | 'macos';

export interface Keychain {
  readonly backend: KeychainBackend;
  /** Throws E_KEYCHAIN_WEAK where it does not keep it, or is locked. */
  write(account: string, secret: string): Promise<void>;
  /** Undefined where it has none, or is locked: it does not say which. Throws E_KEYCHAIN_LOCKED where it can't be asked. */
  find(account: string): Promise<string | undefined>;
  remove(account: string): Promise<void>;
}

/** A person may have to unlock it first. */
const patienceMs = 120_000;
const service = 'cachette';
/** What the tools need to find the keychain; nothing else of the environment is shown to them. */
const passedOn = ['PATH', 'HOME', 'LANG', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

/** The keychain of this platform; undefined where there is none that could be asked. It may still turn out not to answer. */
export function findKeychain(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Keychain | undefined {
  if (platform === 'darwin') return new MacKeychain(env);
  // Without a session bus there is no secret service, and asking would start one for nobody.
  if (platform === 'linux' && (env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '') return new SecretService(env);
  return undefined;
}

/** GNOME Keyring, KWallet and whatever else speaks the Secret Service interface, through `secret-tool`. */
class SecretService implements Keychain {
  readonly backend = 'libsecret';
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  async write(account: string, secret: string): Promise<void> {
    const args = ['store', '--label=Cachette', 'service', service, 'account', account];
    requireKept(await run(this.#env, 'secret-tool', args, secret));
  }

  async find(account: string): Promise<string | undefined> {
    const ended = await run(this.#env, 'secret-tool', ['lookup', 'service', service, 'account', account]);
    // Where there is no such secret, or the keychain is locked, it ends without a word.
    if (ended.code !== 0 && ended.complaint !== '') throw cannotAsk(ended);
    return foundOf(ended);
  }

  async remove(account: string): Promise<void> {
    await run(this.#env, 'secret-tool', ['clear', 'service', service, 'account', account]);
  }
}

/** The login keychain, through `security`. */
class MacKeychain implements Keychain {
  readonly backend = 'macos';
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  async write(account: string, secret: string): Promise<void> {
    // Interactive mode takes its commands from the pipe; accounts and secrets are hexadecimal, so nothing needs quoting.
    requireKept(await run(this.#env, 'security', ['-i'], `add-generic-password -U -s ${service} -a ${account} -w ${secret}\n`));
  }

  async find(account: string): Promise<string | undefined> {
    return foundOf(await run(this.#env, 'security', ['find-generic-password', '-s', service, '-a', account, '-w']));
  }

  async remove(account: string): Promise<void> {
    await run(this.#env, 'security', ['delete-generic-password', '-s', service, '-a', account]);
  }
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** What it said on standard error, in any language; where it has no code, what is wrong with it. */
  readonly complaint: string;
}

function requireKept({ code, complaint }: Ended): void {
  if (code === 0) return;
  const why = code === null ? `can't be asked (${complaint})` : 'is locked, or does not take the key';
  throw new Failure('E_KEYCHAIN_WEAK', `the system's keychain ${why}`, {
    action: 'unlock it, or choose --key-storage passphrase or file',
  });
}

function cannotAsk({ code, complaint }: Ended): Failure {
  const why = code === null ? complaint : 'it does not answer';
  return new Failure('E_KEYCHAIN_LOCKED', `the system's keychain can't be asked for what opens this device's keys: ${why}`);
}

function foundOf({ code, output }: Ended): string | undefined {
  const secret = output.trim();
  return code === 0 && secret !== '' ? secret : undefined;
}

/** Code null: it could not be run, or did not end in time. */
async function run(env: NodeJS.ProcessEnv, tool: string, args: readonly string[], input = ''): Promise<Ended> {
  const shown = Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  // Not spawn's own `timeout`: where the tool is not installed, that one keeps this process from ending until it is over.
  const child = spawn(tool, args, { env: shown, stdio: 'pipe', signal: AbortSignal.timeout(patienceMs) });
  child.stdin.on('error', () => {}); // ended before it read everything: its exit code says so
  child.stdin.end(input);
  try {
    const [ended, output, complaint] = await Promise.all([
      once(child, 'close') as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code: ended[0], output, complaint };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { code: null, output: '', complaint: isMissing ? `${tool} is not installed` : `${tool} did not end in time` };
  }
}
