import { SyncIndex } from '../../index/sync-index.ts';
import { ProfileFolder } from './profile-folder.ts';
import { readSettings } from './settings.ts';

/**
 * Changes a person's decisions in the index, in one transaction; whoever works with the profile meanwhile finds them when
 * it plans next. Throws E_NO_PROFILE, E_BUSY, E_INDEX_DAMAGED.
 */
export async function changeIndex<Result>(profileDir: string, act: (index: SyncIndex) => Result): Promise<Result> {
  const folder = new ProfileFolder(profileDir);
  await folder.check();
  await readSettings(folder);
  const index = SyncIndex.open(folder.file('index'));
  try {
    return index.transaction(() => act(index));
  } finally {
    index.close();
  }
}
