/** What was before the snapshot that a device began with: read from the store when it is asked for, once. */
import fs from 'node:fs/promises';
import { copyPast } from '../../engine/past/copy-past.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import { SyncIndex } from '../../index/sync-index.ts';
import type { Journal } from '../../vault/journal/journal.ts';
import type { ProfileFolder } from '../profile/profile-folder.ts';

/** Whose past is to be known. */
interface Beginner {
  readonly folder: ProfileFolder;
  readonly index: SyncIndex;
  readonly journal: Journal;
}

/**
 * Reads it, where it is missing: every entry from before the snapshot once, into an index beside, of which what ended is
 * kept. Throws as `Journal.bringPast`; nothing is kept then.
 */
export async function bringPast({ folder, index, journal }: Beginner, signal: AbortSignal): Promise<void> {
  if (journal.isPastKnown) return;
  const file = folder.file('past');
  const remove = async (): Promise<void> => {
    for (const suffix of ['', '-wal', '-shm']) await fs.rm(file + suffix, { force: true });
  };
  await remove();
  const scratch = SyncIndex.open(file);
  try {
    await journal.bringPast(openJournalBook(scratch), (upTo) => copyPast(scratch, index, upTo), signal);
  } finally {
    scratch.close();
    await remove();
  }
}
