/** Selective sync as a person says it: by paths in the vault's tree. */
import { Failure } from '../base/failure.ts';
import type { SyncIndex } from '../index/sync-index.ts';
import { rootId, type NodeId } from '../model/ids.ts';
import type { NodeName } from '../model/name.ts';
import type { VersionedNode } from '../model/node.ts';
import { findAtPath, findVaultPath } from './vault-paths.ts';

/** A row of `selective --json`. */
export interface SelectedFolder {
  readonly path: string;
  /** Whether it is on this device (as far as it is synced), perhaps without folders further down that have rows of their own. */
  readonly included: boolean;
  /** Bytes of all files in it, in the vault. */
  readonly size: number;
}

export type Selection = 'include' | 'exclude';

const pageSize = 1000;

/**
 * Includes or leaves out these folders, all or none. A folder below a left-out one is included without what stands beside
 * it: the folders on the way to it come with their own files, all their other folders stay out. Leaving out what is left
 * out already changes nothing. Throws E_NOT_FOUND, E_USAGE for the synced folder itself.
 */
export function selectFolders(index: SyncIndex, selection: Selection, paths: readonly string[]): void {
  const folders = paths.map((path) => requireFolder(index, path));
  for (const { id } of folders) (selection === 'include' ? include : exclude)(index, id);
}

/**
 * The folders of the vault's tree by path, down to where it is the same for all that is in them: those at the top, and
 * beside and above each left-out one. With 'all', every folder.
 */
export function listSelection(index: SyncIndex, which: 'all' | 'telling' = 'telling'): SelectedFolder[] {
  const leftOut = new Set(index.leftOut.chosen());
  const mixed = new Set<NodeId>([rootId]);
  for (const folder of leftOut) for (const { id } of foldersAbove(index, folder).slice(1)) mixed.add(id);
  const rows: SelectedFolder[] = [];
  const visit = (
    folder: NodeId,
    prefix: string,
    { included, isTold }: { readonly included: boolean; readonly isTold: boolean },
  ): number => {
    let bytes = 0;
    for (const { id, state } of childrenOf(index, folder)) {
      if (state.kind === 'file') bytes += state.content.sizeBytes;
      if (state.kind !== 'folder') continue;
      const path = `${prefix}${state.name}`;
      const isIncluded = included && !leftOut.has(id);
      const at = rows.length;
      if (isTold) rows.push({ path, included: isIncluded, size: 0 });
      const size = visit(id, `${path}/`, { included: isIncluded, isTold: which === 'all' || (isIncluded && mixed.has(id)) });
      if (isTold) rows[at] = { path, included: isIncluded, size };
      bytes += size;
    }
    return bytes;
  };
  visit(rootId, '', { included: true, isTold: true });
  return rows;
}

function requireFolder(index: SyncIndex, path: string): VersionedNode {
  const found = findAtPath(
    index,
    path
      .split('/')
      .filter((part) => part !== '.')
      .join('/'),
  );
  if (found === 'top') throw new Failure('E_USAGE', 'the synced folder itself is neither included nor left out: name a folder in it');
  if (found?.state.kind === 'folder') return found;
  const why = found === undefined ? `there is no '${path}' in the vault` : `'${path}' is no folder`;
  throw new Failure('E_NOT_FOUND', why, {
    subject: path,
    action: '`cachette selective` lists folders, `cachette sync` brings news of them',
  });
}

function exclude(index: SyncIndex, folder: NodeId): void {
  const leftOut = new Set(index.leftOut.chosen());
  if (!foldersAbove(index, folder).some(({ id }) => leftOut.has(id))) index.leftOut.choose(folder, 'left-out');
}

function include(index: SyncIndex, folder: NodeId): void {
  const leftOut = new Set(index.leftOut.chosen());
  const way = foldersAbove(index, folder);
  const top = way.findLastIndex(({ id }) => leftOut.has(id));
  // From the highest left-out folder down: what stands beside the way stays out.
  for (let at = top; at > 0; at -= 1) {
    const above = way[at]?.id ?? folder;
    const next = way[at - 1]?.id;
    index.leftOut.choose(above, 'included');
    for (const { id, state } of childrenOf(index, above)) if (state.kind === 'folder' && id !== next) index.leftOut.choose(id, 'left-out');
  }
  for (const chosen of new Set([folder, ...leftOut]))
    if (foldersAbove(index, chosen).some(({ id }) => id === folder)) index.leftOut.choose(chosen, 'included');
}

/** The folder itself, and those above it up to the top; nothing where the vault does not have it. */
function foldersAbove(index: SyncIndex, folder: NodeId): VersionedNode[] {
  const found: VersionedNode[] = [];
  if (findVaultPath(index, folder) === undefined) return found;
  for (let at = index.remote.find(folder); at !== undefined; at = index.remote.find(at.state.parent)) found.push(at);
  return found;
}

function* childrenOf({ remote }: SyncIndex, folder: NodeId): Generator<VersionedNode, void> {
  for (let after: NodeName | undefined; ;) {
    const page = remote.childrenOf(folder, after, pageSize);
    yield* page;
    after = page.at(-1)?.state.name;
    if (page.length < pageSize) return;
  }
}
