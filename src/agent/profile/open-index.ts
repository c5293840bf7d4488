import { Failure } from '../../base/failure.ts';
import { quarantineIndex } from '../../index/file/quarantine-index.ts';
import { SyncIndex } from '../../index/sync-index.ts';

/**
 * The profile's index. A damaged one is put aside, and an empty one takes its place: it is filled again from the folder and
 * the store. `onDamage` hears where the old one stands. Throws E_INDEX_DAMAGED only where that fails, too, and
 * E_INDEX_NEWER.
 */
export function openIndex(file: string, onDamage: (aside: string | undefined) => void): SyncIndex {
  try {
    return openWhole(file);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E_INDEX_DAMAGED') throw error;
    onDamage(quarantineIndex(file));
    return SyncIndex.open(file);
  }
}

function openWhole(file: string): SyncIndex {
  const index = SyncIndex.open(file);
  try {
    // The first look at each part: most damage shows here, the rest when it is met.
    index.local.count();
    index.problems.count();
    index.settings.findText('');
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}
