/** Files for their owner alone: 0600, written whole or not at all. */
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';

const onlyOwner = 0o600;
/** What helps where something else stands in a file's place. Never to change its rights: they may be those of another file. */
export const strangeAction = 'look at what stands there (ls -l), take it away, and put the file itself back if you have it';
/** What helps where a file of the profile was damaged. */
export const restoreAction = 'restore it, or join with a new profile (files in the folder stay)';
/** Of this process. */
let lastDraft = 0;
const draftPattern = /\.new-(\d+)-\d+$/u;
/** Without waiting: a pipe that somebody put there must not hold us up. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The file's bytes; undefined where there is none. Never through a link. Throws E_DISK, E_LOCAL_PERMS for what is no file, E_FAILED for more than `maxBytes`. */
export async function readPrivateFile(file: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    await using handle = await fs.open(file, readFlags);
    if (!(await handle.stat()).isFile()) throw new Failure('E_LOCAL_PERMS', `${file} is no file`, { subject: file, action: strangeAction });
    const bytes = await readAtMost(handle, maxBytes + 1);
    if (bytes.byteLength > maxBytes)
      throw new Failure('E_FAILED', `${file} is larger than it can be: it was damaged`, { subject: file, action: restoreAction });
    return bytes;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw asFailure(error, 'read', file);
  }
}

/** Whatever grows meanwhile. */
async function readAtMost(handle: fs.FileHandle, maxBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(maxBytes);
  let length = 0;
  for (let count = -1; count !== 0 && length < maxBytes; length += count) {
    count = (await handle.read(bytes, length, maxBytes - length, null)).bytesRead;
  }
  return bytes.slice(0, length);
}

/** Replaces the file; durable when this returns. A crash leaves the old or the new one. Throws E_DISK. */
export async function writePrivateFile(file: string, bytes: Uint8Array): Promise<void> {
  // Several may write the same file, also in one process: each its own draft, so that nobody puts half of another's in place.
  lastDraft += 1;
  const draft = `${file}.new-${process.pid}-${lastDraft}`;
  try {
    await fs.rm(draft, { force: true });
    {
      await using handle = await fs.open(draft, 'wx', onlyOwner);
      await handle.writeFile(bytes);
      await handle.sync();
    }
    await fs.rename(draft, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await fs.rm(draft, { force: true }).catch(() => {});
    throw asFailure(error, 'write', file);
  }
}

/** Removes what processes that were killed had begun to write there: a draft of the keys must not lie about for ever. Never throws. */
export async function removeOldDrafts(dir: string): Promise<void> {
  for (const name of await fs.readdir(dir).catch(() => [])) {
    const pid = draftPattern.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await fs.rm(path.join(dir, name), { force: true }).catch(() => {});
  }
}

/** Whether any process has the number; another one that has it by now only keeps a draft for longer. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Makes the folder's entries survive a power cut, where the platform can. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await fs.open(dir, 'r');
  await handle.sync();
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** E_DISK about a file, unless it says itself what it is. */
export function asFailure(error: unknown, doing: string, file: string): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new Failure('E_DISK', `cannot ${doing} ${file}: ${text}`, { subject: file, cause: error });
}
