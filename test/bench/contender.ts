import fs from 'node:fs';
import path from 'node:path';
import { prepare, type Command } from './measured-run.ts';

/** Where one contender works for one run; all of it is gone afterwards. */
export interface Place {
  /** The data, a copy of its own. */
  readonly source: string;
  /** A folder for its store, or the URL of one. */
  readonly store: string;
  /** Where a second device wants the data; empty. */
  readonly target: string;
  /** For whatever it keeps beside. */
  readonly work: string;
}

/** A program that brings a folder to a store and from there to a second device. */
export interface Contender {
  readonly name: string;
  /** The program that must be there. */
  readonly program: string;
  /** What the figures of its name leave open. */
  readonly note: string;
  /** Unmeasured: keys and settings of the first device. */
  setUp(place: Place): void;
  /** Brings the data to the store; again, when they changed. */
  upload(place: Place): Command;
  /** Unmeasured: keys and settings of the second device. */
  setUpSecond(place: Place): void;
  download(place: Place): Command;
}

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** What every device of Cachette is made with here: no passphrase, whose derivation takes seconds on purpose. */
const alone = ['--key-storage', 'file', '--json'];

export function cachetteCommand(place: Place, device: 'first' | 'second', args: readonly string[]): Command {
  return { program: process.execPath, args: [cli, '--profile', path.join(place.work, device), ...args] };
}

function storeUrl(store: string): string {
  return store.includes('://') ? store : `file://${store}`;
}

export const cachette: Contender = {
  name: 'Cachette',
  program: process.execPath,
  note: 'encrypted, deduplicated, synced',
  setUp: (place) => {
    const args = ['init', '--store', storeUrl(place.store), '--folder', place.source, '--name', 'first', '--no-passphrase', ...alone];
    const { recoveryKey } = JSON.parse(prepare(cachetteCommand(place, 'first', args))) as { recoveryKey: string };
    fs.writeFileSync(path.join(place.work, 'recovery-key'), recoveryKey);
  },
  upload: (place) => cachetteCommand(place, 'first', ['sync']),
  setUpSecond: (place) => {
    const key = fs.readFileSync(path.join(place.work, 'recovery-key'), 'utf8');
    const args = ['join', '--store', storeUrl(place.store), '--folder', place.target, '--name', 'second', '--recovery-key', key, ...alone];
    prepare(cachetteCommand(place, 'second', args));
  },
  download: (place) => cachetteCommand(place, 'second', ['sync']),
};

function rcloneConfig({ work }: Place): string {
  return path.join(work, 'rclone.conf');
}

/** A remote of rclone that stands before the crypt: the local disk, or S3 by way of a URL with its keys. */
function rcloneBelow(store: string): { readonly remote: string; readonly section: string } {
  if (!store.startsWith('s3+')) return { remote: store, section: '' };
  const { username, password, protocol, host, pathname } = new URL(store.slice('s3+'.length));
  const [keyId, secret] = [username, password].map((each) => decodeURIComponent(each));
  const lines = ['[below]', 'type = s3', 'provider = Ceph', `access_key_id = ${keyId}`, `secret_access_key = ${secret}`];
  return {
    remote: `below:${decodeURIComponent(pathname.slice(1))}`,
    section: [...lines, `endpoint = ${protocol}//${host}`, 'force_path_style = true', ''].join('\n'),
  };
}

export const rclone: Contender = {
  name: 'rclone crypt',
  program: 'rclone',
  note: 'encrypted, copied one way',
  setUp: (place) => {
    const { remote, section } = rcloneBelow(place.store);
    const password = prepare({ program: 'rclone', args: ['obscure', 'a passphrase'] }).trim();
    fs.writeFileSync(rcloneConfig(place), `${section}[crypt]\ntype = crypt\nremote = ${remote}\npassword = ${password}\n`);
  },
  upload: (place) => ({ program: 'rclone', args: ['--config', rcloneConfig(place), 'copy', place.source, 'crypt:'] }),
  setUpSecond: () => {},
  download: (place) => ({ program: 'rclone', args: ['--config', rcloneConfig(place), 'copy', 'crypt:', place.target] }),
};

function resticEnv({ work, store }: Place): Readonly<Record<string, string>> {
  return { RESTIC_REPOSITORY: store, RESTIC_PASSWORD: 'a passphrase', RESTIC_CACHE_DIR: path.join(work, 'cache') };
}

export const restic: Contender = {
  name: 'restic',
  program: 'restic',
  note: 'encrypted, deduplicated, a backup',
  setUp: (place) => void prepare({ program: 'restic', args: ['init', '-q'], env: resticEnv(place) }),
  upload: (place) => ({ program: 'restic', args: ['-q', 'backup', place.source], env: resticEnv(place) }),
  setUpSecond: () => {},
  download: (place) => ({ program: 'restic', args: ['-q', 'restore', 'latest', '--target', place.target], env: resticEnv(place) }),
};

function unisonCommand(place: Place, roots: readonly string[]): Command {
  return { program: 'unison', args: ['-batch', '-silent', ...roots], env: { UNISON: path.join(place.work, 'unison') } };
}

export const unison: Contender = {
  name: 'unison',
  program: 'unison',
  note: 'plain, synced',
  setUp: () => {},
  upload: (place) => unisonCommand(place, [place.source, place.store]),
  setUpSecond: () => {},
  download: (place) => unisonCommand(place, [place.store, place.target]),
};

export const contenders: readonly Contender[] = [cachette, rclone, restic, unison];
