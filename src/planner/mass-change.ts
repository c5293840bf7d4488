/** When a change would remove or overwrite so much that a person must be asked. Moves do not count. Pure. */
import { rootId, type NodeId } from '../model/ids.ts';

/** More files than this are asked about, wherever they are. */
export const massChangeFiles = 500;
/** A folder of more files than this is asked about when more than half of them would go. */
export const massChangeFolderFiles = 100;

/** The tree as it is, as far as the judgement needs it. */
export interface CountedTree {
  /** Folder that the node stands in; undefined where the node is not known. */
  parentOf(node: NodeId): NodeId | undefined;
  /** Files in the folder and all below it; may stop counting at `atMost`. */
  countFiles(folder: NodeId, atMost: number): number;
}

/** Whether losing these files is a mass change. */
export function isMassChange(lost: readonly NodeId[], tree: CountedTree): boolean {
  if (lost.length > massChangeFiles) return true;
  // Half of a folder of over a hundred files is at least that many.
  const least = Math.floor(massChangeFolderFiles / 2) + 1;
  if (lost.length < least) return false;
  const counts = new Map<NodeId, number>();
  for (const node of lost) {
    for (let folder = tree.parentOf(node); folder !== undefined; folder = folder === rootId ? undefined : tree.parentOf(folder)) {
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  for (const [folder, count] of counts) {
    if (count < least) continue;
    const files = tree.countFiles(folder, count * 2);
    if (files > massChangeFolderFiles && count * 2 > files) return true;
  }
  return false;
}
