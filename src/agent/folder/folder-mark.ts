/** The mark of a synced folder: which profile linked it. A profile that was copied has the same, and is not the one that it names. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { toHex, utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { Random } from '../../base/random.ts';
import { markName } from '../../disk/root-anchor.ts';
import { acquireOwnerLock } from '../../index/file/owner-lock.ts';
import { privateFolderName } from '../../model/name.ts';
import { readPrivateFile, writePrivateFile } from '../profile/private-file.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { parseSettings, type Settings } from '../profile/settings.ts';

const markSchema = z.strictObject({ profile: z.string(), token: z.string().regex(/^[0-9a-f]{32}$/) });
export const markMaxBytes = 4096;
const settingsMaxBytes = 64 * 1024;

/** A mark that nobody has yet. */
export function newMark(profileDir: string, random: Random): string {
  return JSON.stringify({ profile: profileDir, token: toHex(random.bytes(16)) });
}

export function markFile(folder: string): string {
  return path.join(folder, privateFolderName, markName);
}

/** The profile that a mark names; undefined where that is gone, or has another folder by now. Throws what can't be read. */
export async function livingOwner(mark: string): Promise<string | undefined> {
  const profile = parseMark(mark)?.profile;
  if (profile === undefined) return undefined;
  const settings = await readPrivateFile(new ProfileFolder(profile).file('settings'), settingsMaxBytes);
  if (settings === undefined) return undefined;
  const parsed = parseSettings(settings);
  // A profile that can't be read is not known to be gone.
  return parsed === undefined || parsed.mark === mark ? profile : undefined;
}

/**
 * That this profile's folder is not another one's: of a profile that was copied on one computer, both would work in it at once. Throws
 * E_CLONED_DEVICE.
 */
export async function requireOwnFolder({ folder, mark }: Settings, profileDir: string): Promise<void> {
  const owner = await findOriginal(mark, profileDir);
  if (owner === undefined) return;
  throw new Failure('E_CLONED_DEVICE', `the folder ${folder} belongs to the profile ${owner}, and this one is a copy of that`, {
    subject: folder,
    action: 'work with that profile, or have this one take the folder as a device of its own: `cachette devices renew`',
  });
}

/** That the profile which this one is a copy of does not work in the folder just now. Throws E_BUSY. */
export async function requireOriginalAtRest({ mark }: Settings, profileDir: string): Promise<void> {
  const owner = await findOriginal(mark, profileDir);
  if (owner !== undefined) acquireOwnerLock(new ProfileFolder(owner).file('lock')).release();
}

/**
 * Gives the folder a new mark, where it is there and this profile's: no copy of the profile has it from then on. What the settings are
 * to say. (Where a former try ended in between, the folder bears the name of this profile by then, and not the mark that it knows.)
 */
export async function renewMark({ folder, mark }: Settings, profileDir: string, random: Random): Promise<string> {
  const file = markFile(folder);
  const bytes = await readPrivateFile(file, markMaxBytes).catch(() => undefined);
  if (bytes === undefined) return mark;
  const there = Buffer.from(bytes).toString('utf8');
  const named = parseMark(there)?.profile;
  if (there !== mark && !(named !== undefined && (await isSameFolder(named, profileDir)))) return mark;
  const renewed = newMark(profileDir, random);
  await writePrivateFile(file, utf8(renewed));
  return renewed;
}

/** The living profile that the mark names, where that is not this one. */
async function findOriginal(mark: string, profileDir: string): Promise<string | undefined> {
  const named = parseMark(mark)?.profile;
  if (named === undefined || (await isSameFolder(named, profileDir))) return undefined;
  // What can't be read is another user's, or on another disk: nothing that was copied here.
  return livingOwner(mark).catch(() => undefined);
}

/** Whatever way leads there. */
export async function isSameFolder(one: string, other: string): Promise<boolean> {
  if (path.resolve(one) === path.resolve(other)) return true;
  const [a, b] = await Promise.all([one, other].map((dir) => fs.stat(dir, { bigint: true }).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function parseMark(text: string): z.output<typeof markSchema> | undefined {
  try {
    return markSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
