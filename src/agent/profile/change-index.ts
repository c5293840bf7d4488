import { Failure } from '../../base/failure.ts';
import { SyncIndex } from '../../index/sync-index.ts';
import type { OwnerLock } from '../../index/file/owner-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import { acquireProfileLock } from './acquire-profile-lock.ts';
import { ProfileFolder } from './profile-folder.ts';
import { readSettings } from './settings.ts';

/** Whose index it is, and whether whoever asks owns it already. */
export type IndexPlace = Pick<AgentHost, 'profileDir' | 'agent'>;

/**
 * Changes a person's decisions in the index, in one transaction; whoever works with the profile meanwhile finds them when
 * it plans next. Throws E_NO_PROFILE, E_BUSY (also where an older Cachette is at work, which could not go on with what this one would
 * make of the index), E_INDEX_DAMAGED, E_INDEX_NEWER.
 */
export async function changeIndex<Result>(place: IndexPlace, act: (index: SyncIndex) => Result): Promise<Result> {
  const folder = new ProfileFolder(place.profileDir);
  await folder.check();
  await readSettings(folder);
  let lock: OwnerLock | undefined;
  try {
    const index = SyncIndex.open(folder.file('index'), { beforeMigrating: () => (lock = lockForMigration(place, folder)) });
    try {
      return index.transaction(() => act(index));
    } finally {
      index.close();
    }
  } finally {
    lock?.release();
  }
}

function lockForMigration(place: IndexPlace, folder: ProfileFolder): OwnerLock {
  try {
    return acquireProfileLock(place, folder);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E_BUSY') throw error;
    throw new Failure('E_BUSY', 'an older Cachette is at work here: its index was left as it is', {
      action: 'end it (or restart the app, if it was updated), then run this again',
      cause: error,
    });
  }
}
