/** Whether a folder of the disk is a profile: the keys of a device, an index that changes all the time. None of it is to be synced. */
import { Failure } from '../../base/failure.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { readSettingsIfWhole, type Settings } from '../profile/settings.ts';
import { isSameFolder, livingOwner } from './folder-mark.ts';

/** A profile, or a copy of one. What can't be read is none of this user's. */
export async function isProfile(dir: string): Promise<boolean> {
  return (await readThere(dir)) !== undefined;
}

/** A profile at the place where it was made (or made anew): not one that somebody put aside. */
export async function isProfileAtHome(dir: string): Promise<boolean> {
  const settings = await readThere(dir);
  if (settings === undefined || settings === 'damaged') return settings === 'damaged';
  const owner = await livingOwner(settings.mark).catch(() => undefined);
  return owner !== undefined && (await isSameFolder(owner, dir));
}

/** Other programs have a `settings.json`, too: damaged settings are a profile's only where its keys lie beside them. */
async function readThere(dir: string): Promise<Settings | 'damaged' | undefined> {
  const folder = new ProfileFolder(dir);
  try {
    const settings = await readSettingsIfWhole(folder);
    if (settings !== undefined) return settings;
    return (await folder.hasKeys()) ? 'damaged' : undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
