/**
 * Second copy of what selective sync leaves out, beside the index: one that is lost must not bring back what there may be
 * no room for.
 */
import { z } from 'zod';
import { utf8 } from '../../base/bytes.ts';
import { beginRebuilding } from '../../engine/rebuilding.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { parseId, type NodeId } from '../../model/ids.ts';
import { readPrivateFile, writePrivateFile } from '../profile/private-file.ts';

const selectionSchema = z.strictObject({ format: z.literal(1), leftOut: z.array(z.string().transform((text) => parseId('NodeId', text))) });

const fileMaxBytes = 16 * 1024 * 1024;
/** In an index that has what the file says, or more. */
const knownKey = 'selection.known';

/**
 * When the profile is opened: an index that is new takes what the file says, else the file what the index says (a crash may
 * have come between the two). A file that can't be understood says nothing.
 */
export async function restoreSelection(file: string, index: SyncIndex): Promise<void> {
  const kept = await read(file);
  const chosen = index.leftOut.chosen();
  if (index.settings.findFlag(knownKey) === true || chosen.length > 0) {
    if ((kept ?? []).toSorted().join() !== chosen.toSorted().join()) await writeSelection(file, chosen);
    return;
  }
  index.transaction(() => {
    for (const folder of kept ?? []) index.leftOut.choose(folder, 'left-out');
    if (kept !== undefined && kept.length > 0) beginRebuilding(index);
    index.settings.writeFlag(knownKey, true);
  });
}

async function read(file: string): Promise<readonly NodeId[] | undefined> {
  const bytes = await readPrivateFile(file, fileMaxBytes);
  return bytes && parseSelection(bytes);
}

/** The folders that the bytes name; undefined where they are no selection. */
export function parseSelection(bytes: Uint8Array): readonly NodeId[] | undefined {
  try {
    return selectionSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).leftOut;
  } catch {
    return undefined;
  }
}

/** Throws E_DISK. */
export async function writeSelection(file: string, leftOut: readonly NodeId[]): Promise<void> {
  await writePrivateFile(file, utf8(`${JSON.stringify({ format: 1, leftOut })}\n`));
}
