/** The profile's settings file. Nothing in it is secret: who reads it learns where the folder is and how the device is called. */
import path from 'node:path';
import { z } from 'zod';
import { utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { parseId } from '../../model/ids.ts';
import { configSchema } from './config-values.ts';
import { readPrivateFile, restoreAction, writePrivateFile } from './private-file.ts';
import type { ProfileFolder } from './profile-folder.ts';

const settingsSchema = z.strictObject({
  format: z.literal(1),
  vaultId: z.string().transform((text) => parseId('VaultId', text)),
  device: z.strictObject({ id: z.string().transform((text) => parseId('DeviceId', text)), name: z.string().min(1) }),
  /** The synced folder, absolute. */
  folder: z.string().refine((text) => path.isAbsolute(text)),
  /** What stands in the folder's own mark. */
  mark: z.string().min(32).max(4096),
  config: configSchema,
});

export type Settings = Readonly<z.output<typeof settingsSchema>>;

const settingsMaxBytes = 64 * 1024;

/** Throws E_NO_PROFILE, E_FAILED where the file is damaged. */
export async function readSettings(folder: ProfileFolder): Promise<Settings> {
  const file = folder.file('settings');
  const text = await readPrivateFile(file, settingsMaxBytes);
  if (text === undefined) throw new Failure('E_NO_PROFILE', `there is no profile in ${folder.dir}`, { subject: folder.dir });
  const settings = parseSettings(text);
  if (settings === undefined) {
    throw new Failure('E_FAILED', `the settings (${file}) are damaged or of a newer Cachette`, { subject: file, action: restoreAction });
  }
  return settings;
}

/** As `readSettings`; undefined where the file is damaged: then the profile can still be shown, and given up. */
export async function readSettingsIfWhole(folder: ProfileFolder): Promise<Settings | undefined> {
  try {
    return await readSettings(folder);
  } catch (error) {
    if (error instanceof Failure && error.code === 'E_FAILED') return undefined;
    throw error;
  }
}

/** What the bytes say; undefined where they are no settings. */
export function parseSettings(bytes: Uint8Array): Settings | undefined {
  try {
    return settingsSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return undefined;
  }
}

export async function writeSettings(folder: ProfileFolder, settings: Settings): Promise<void> {
  await writePrivateFile(folder.file('settings'), utf8(`${JSON.stringify(settings, undefined, 2)}\n`));
}
