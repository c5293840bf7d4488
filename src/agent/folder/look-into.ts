import { SyncIndex } from '../../index/sync-index.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { readSettings, type Settings } from '../profile/settings.ts';

/** A profile that is only looked into: without its keys, without the store, beside whoever works with it. */
export interface Look {
  readonly folder: ProfileFolder;
  readonly settings: Settings;
  readonly index: SyncIndex;
}

/** Throws E_NO_PROFILE, E_LOCAL_PERMS, E_INDEX_DAMAGED, E_NOT_FOUND where there is no index. */
export async function lookInto<Result>(profileDir: string, act: (look: Look) => Result): Promise<Result> {
  const folder = new ProfileFolder(profileDir);
  await folder.check();
  const settings = await readSettings(folder);
  const index = SyncIndex.open(folder.file('index'), { readonly: true });
  try {
    // One moment for all that is read, whatever is written meanwhile.
    return index.transaction(() => act({ folder, settings, index }));
  } finally {
    index.close();
  }
}
