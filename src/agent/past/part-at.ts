import { joinPath, topPath, type DiskPath } from '../../disk/disk.ts';
import type { Part } from '../../engine/meanwhile.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import { NotNow } from '../errands.ts';

const pageNodes = 500;
/** What else goes on waits for no more than that. */
const nodesMax = 1000;

/**
 * What stands at these names of the vault, and below, there and on this disk: it has to agree before something is put there. Throws
 * `NotNow` where that is too much for the middle of a pass.
 */
export function partAt(index: SyncIndex, names: readonly NodeName[]): Part {
  const { remote } = index;
  let at: NodeId | undefined = rootId;
  const nodes: NodeId[] = [];
  for (const name of names) {
    at = at === undefined ? undefined : remote.childNamed(at, name)?.id;
    if (at !== undefined) nodes.push(at);
  }
  if (at !== undefined) {
    for (const id of below(index, at)) {
      nodes.push(id);
      if (nodes.length > nodesMax) throw new NotNow();
    }
  }
  return { ...placeAt(index, names), nodes };
}

/** The same as far as this disk goes: for whoever has just put something there. */
export function placeAt(index: SyncIndex, names: readonly NodeName[]): Part {
  return { nodes: [], paths: [shownPath(index, names)] };
}

function* below(index: SyncIndex, folder: NodeId): Generator<NodeId, void> {
  let after: NodeName | undefined;
  for (;;) {
    const page = index.remote.childrenOf(folder, after, pageNodes);
    for (const { id, state } of page) {
      yield id;
      if (state.kind === 'folder') yield* below(index, id);
    }
    if (page.length < pageNodes) return;
    after = page.at(-1)?.state.name;
  }
}

function shownPath({ local }: SyncIndex, names: readonly NodeName[]): DiskPath {
  let path = topPath;
  let at: NodeId | undefined = rootId;
  for (const name of names) {
    const row: LocalNode | undefined = at === undefined ? undefined : local.childNamed(at, name);
    path = joinPath(path, row === undefined ? name : shownOf(row));
    at = row?.id;
  }
  return path;
}
