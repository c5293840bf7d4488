import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure.ts';
import { acquireOwnerLock, type OwnerLock } from '../../index/file/owner-lock.ts';
import type { ProfileFolder } from './profile-folder.ts';
import { readSettings, writeSettings, type Settings } from './settings.ts';

/** Whoever holds the lock reads and writes one small file. */
const patienceMs = 5_000;
const lookEveryMs = 20;

/**
 * Changes the settings: one change after the other, whichever windows and commands make them, so that none takes back another
 * and none brings back a profile that is being given up. Throws as `readSettings`, E_BUSY, E_DISK.
 */
export async function changeSettings(folder: ProfileFolder, change: (settings: Settings) => Settings): Promise<void> {
  // Nothing is put into a folder that holds no profile.
  await readSettings(folder);
  await withSettings(folder, async () => writeSettings(folder, change(await readSettings(folder))));
}

/** Does something while nobody changes the settings. */
export async function withSettings(folder: ProfileFolder, act: () => Promise<void>): Promise<void> {
  const lock = await acquire(folder.file('settingsLock'));
  try {
    await act();
  } finally {
    lock.release();
  }
}

async function acquire(file: string): Promise<OwnerLock> {
  for (const untilMs = performance.now() + patienceMs; ; await sleep(lookEveryMs)) {
    try {
      return acquireOwnerLock(file);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'E_BUSY' || performance.now() > untilMs) throw error;
    }
  }
}
