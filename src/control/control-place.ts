/** Where the agent of a profile listens: a socket that only its owner can reach, and the token that the hello must bring. */
import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { toHex } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';
import type { Random } from '../base/random.ts';

/** `sun_path` holds 104 bytes on macOS, 108 on Linux, its end included. */
const socketPathMaxBytes = 100;
const tokenBytes = 32;
const foreignBits = 0o077;

/** Names in the profile's folder; there is a profile where the settings are. An agent has the others there while it runs. */
export const settingsName = 'settings.json';
export const lockName = 'owner.lock';
export const socketName = 'agent.sock';
export const tokenName = 'agent.token';

export interface ControlPlace {
  /** Address for node:net. */
  readonly address: string;
  readonly token: string;
}

/** What of the surroundings decides the place. */
export interface PlaceOptions {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** For the agent: makes the place where it is missing, with a fresh token. Throws E_LOCAL_PERMS where others have a hand in it. */
export async function makeControlPlace(profileDir: string, options: PlaceOptions, random: Random): Promise<ControlPlace> {
  const token = toHex(random.bytes(tokenBytes));
  const file = path.join(profileDir, tokenName);
  await fs.rm(file, { force: true });
  await fs.writeFile(file, token, { mode: 0o600, flag: 'wx' });
  const address = addressOf(profileDir, token, options);
  if (options.platform === 'win32') return { address, token };
  const dir = path.dirname(address);
  if (dir !== profileDir) await fs.mkdir(dir, { mode: 0o700 }).catch(unlessThere);
  await requireOwnFolder(dir);
  const old = await findStats(address);
  if (old !== undefined) {
    requireOwnSocket(address, old);
    // Whoever calls this owns the profile: nobody listens there any more.
    await fs.rm(address);
  }
  return { address, token };
}

/** For everybody else: undefined where no agent listens, as far as files tell. Throws E_LOCAL_PERMS. */
export async function findControlPlace(profileDir: string, options: PlaceOptions): Promise<ControlPlace | undefined> {
  const token = await readToken(path.join(profileDir, tokenName));
  if (token === undefined) return undefined;
  const address = addressOf(profileDir, token, options);
  if (options.platform === 'win32') return { address, token };
  const socket = await findStats(address);
  if (socket === undefined) return undefined;
  await requireOwnFolder(path.dirname(address));
  requireOwnSocket(address, socket);
  return { address, token };
}

/** Inside the profile where such a path can be; a pipe's name can't be guessed without the token. */
function addressOf(profileDir: string, token: string, { platform, env }: PlaceOptions): string {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\cachette-${digest(token)}`;
  const inside = path.join(profileDir, socketName);
  if (Buffer.byteLength(inside) <= socketPathMaxBytes) return inside;
  const base = env['XDG_RUNTIME_DIR'] ?? '';
  return path.join(base === '' ? os.tmpdir() : base, `cachette-${process.getuid?.() ?? 0}-${digest(profileDir)}`, socketName);
}

async function readToken(file: string): Promise<string | undefined> {
  try {
    await using handle = await fs.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    requireOwn(file, stats);
    if (!stats.isFile() || stats.size !== tokenBytes * 2) return undefined;
    return await handle.readFile('latin1');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP') throw foreign(file, 'is a link');
    throw error;
  }
}

async function requireOwnFolder(dir: string): Promise<void> {
  const stats = await findStats(dir);
  if (stats?.isDirectory() !== true) throw foreign(dir, 'is no folder');
  requireOwn(dir, stats);
}

function requireOwnSocket(file: string, stats: Stats): void {
  if (!stats.isSocket()) throw foreign(file, 'is no socket');
  requireOwn(file, stats);
}

function requireOwn(file: string, stats: Stats): void {
  if (process.platform === 'win32') return;
  if (stats.uid !== process.getuid?.()) throw foreign(file, 'belongs to another user');
  if ((stats.mode & foreignBits) !== 0) throw foreign(file, 'is open to others');
}

async function findStats(file: string): Promise<Stats | undefined> {
  try {
    return await fs.lstat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function foreign(file: string, why: string): Failure {
  const action = why === 'is open to others' ? undefined : 'take away what stands there, or use a profile of your own';
  return new Failure('E_LOCAL_PERMS', `${file} ${why}`, { subject: file, ...(action === undefined ? {} : { action }) });
}
