import { joinPath, topPath, type DiskPath } from '../../disk/disk.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import { privateFolderName, type NodeName } from '../../model/name.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { FolderAt } from './list-items.ts';

/**
 * Where to look when something may have changed at these paths (or below, for folders): each item in its folder, or the
 * first folder on the way to it that is not known. A file of ignore rules concerns all of its folder. One path costs O(1).
 */
export function findFolders({ index, rules }: Pick<EngineParts, 'index' | 'rules'>, paths: readonly DiskPath[]): readonly FolderAt[] {
  const hinted = new Set(paths);
  const found = new Map<NodeId, { path: DiskPath; names: Set<NodeName> | undefined }>();
  for (const path of hinted) {
    const names = path.split('/') as NodeName[];
    if (path === topPath) return [{ id: rootId, path: topPath }];
    if (names[0] === privateFolderName || isBelowOne(names, hinted)) continue;
    const last = names.length - 1;
    let id: NodeId = rootId;
    let folder = topPath;
    let depth = 0;
    for (; depth < last; depth += 1) {
      const name = names[depth] as NodeName;
      const row = index.local.childShown(id, name);
      if (row?.state.kind !== 'folder') break;
      id = row.id;
      folder = joinPath(folder, name);
    }
    const name = names[depth] as NodeName;
    const at = found.get(id) ?? { path: folder, names: new Set() };
    if (rules.isRuleFile(name)) at.names = undefined;
    else at.names?.add(name);
    found.set(id, at);
  }
  return [...found].map(([id, { path, names }]) => ({ id, path, names: names === undefined ? undefined : [...names] }));
}

/** Whether a folder above is looked at with all below. */
function isBelowOne(names: readonly NodeName[], hinted: ReadonlySet<DiskPath>): boolean {
  let folder = topPath;
  for (const name of names.slice(0, -1)) {
    folder = joinPath(folder, name);
    if (hinted.has(folder)) return true;
  }
  return false;
}
