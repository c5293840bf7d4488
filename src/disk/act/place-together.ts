import { Failure } from '../../base/failure.ts';
import { joinPath, type ActOutcome, type DiskPath, type FileToPlace } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import { callCode, type PlacedItem, type Stat } from '../calls/file-calls.ts';
import { isOther, isUntouched, observe } from '../observe.ts';
import { openPrivate } from '../private-folder.ts';
import { splitPath } from '../root-anchor.ts';
import { stagedName, StagedItem } from './staging.ts';

/** A folder that files are put into, and the identity that it is known by ('': none). */
interface Place {
  readonly path: DiskPath;
  readonly known: string;
}

interface Arriving {
  readonly staged: StagedItem;
  readonly finished: Stat;
  readonly newName: string;
}

/**
 * `Disk.placeNew`. The way to the folder is gone once for all of them, and they get their places beside the calling thread: one by one
 * (place-item.ts), that was a seventh of the time of a first download of 20,000 files.
 */
export async function placeTogether(
  parts: DiskParts,
  files: readonly FileToPlace[],
  { path, known }: Place,
): Promise<readonly (ActOutcome | undefined)[]> {
  const { calls, root, touched } = parts;
  const placeFiles = calls.placeFiles?.bind(calls);
  if (placeFiles === undefined) return files.map(() => undefined);
  const arriving = files.map((file) => arrivingOf(path, file));
  const ends = await root.withFolder(path, async (folder, top) => {
    if (known !== '' && isOther(calls.statFolder(folder), known)) return 'gone';
    const staging = openPrivate(calls, top, [stagedName]);
    try {
      // Before, as it may fail; and after, as others may have made it durable meanwhile.
      touched.touch(folder);
      return await placeFiles(
        staging,
        folder,
        arriving.map(({ staged, newName }) => ({ name: staged.name, newName })),
      );
    } finally {
      calls.closeFolder(staging);
      touched.touch(folder);
    }
  });
  return arriving.map((each, at) => (ends === 'gone' ? 'changed' : outcomeOf(each, ends[at])));
}

function arrivingOf(path: DiskPath, { staged, name }: FileToPlace): Arriving {
  if (!(staged instanceof StagedItem)) throw new Failure('E_FAILED', 'a file staged by another disk');
  // Throws for one that is not finished, and for a name that must never be acted on.
  return { staged, finished: staged.finished, newName: splitPath(joinPath(path, name)).at(-1) ?? '' };
}

/** What has an error was left where it was: placed by itself, it finds out which way is open to it, or what the error means. */
function outcomeOf({ staged, finished }: Arriving, end: PlacedItem | undefined): ActOutcome | undefined {
  if (end === undefined) return undefined;
  if (end !== 'unseen' && 'error' in end) return callCode(end.error) === 'EEXIST' ? 'changed' : undefined;
  staged.leave();
  // As for one by itself: what was written to since is shown as it was made, and found to be changed by the next look.
  return { now: observe(end !== 'unseen' && isUntouched(finished, end) ? end : finished, '') };
}
