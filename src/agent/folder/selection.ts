/** Selective sync as a person says it: by paths in the vault's tree. */
import { Failure } from '../../base/failure.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { VersionedNode } from '../../model/node.ts';
import { findAtPath, findVaultPath } from '../show/vault-paths.ts';

/** A row of `selective --json`. */
export interface SelectedFolder {
  readonly path: string;
  /** Whether it is on this device (as far as it is synced), perhaps without folders further down that have rows of their own. */
  readonly included: boolean;
  /** Bytes of all files in it, in the vault. */
  readonly size: number;
}

const pageSize = 1000;

/** What a person says of folders: what comes, and what stays out. */
export interface Choice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Includes or leaves out these folders. Throws as `choose`. */
export function selectFolders(index: SyncIndex, selection: 'include' | 'exclude', paths: readonly string[]): void {
  applyChoice(index, { include: [], exclude: [], [selection]: paths });
}

/** Does what `choose` says. Throws as that; then nothing is changed. */
export function applyChoice(index: SyncIndex, choice: Choice): void {
  const { before, after } = choose(index, choice);
  for (const folder of before) if (!after.has(folder)) index.leftOut.choose(folder, 'included');
  for (const folder of after) if (!before.has(folder)) index.leftOut.choose(folder, 'left-out');
}

/** The folders that are left out, before and after. */
export interface ChosenFolders {
  readonly before: ReadonlySet<NodeId>;
  readonly after: ReadonlySet<NodeId>;
}

/**
 * What is left out where these folders are included and those left out, all or none: the ones nearest to the top first, so that
 * the deepest that is named holds for what is in it. A folder below a left-out one is included without what stands beside it: the
 * folders on the way to it come with their own files, all their other folders stay out. Leaving out what is left out already
 * changes nothing. Changes nothing itself. Throws E_NOT_FOUND, E_USAGE for the synced folder itself.
 */
export function choose(index: SyncIndex, choice: Choice): ChosenFolders {
  const before = new Set(index.leftOut.chosen());
  const leftOut = new Set(before);
  for (const { include, exclude } of levelsOf(index, choice)) {
    for (const folder of include) openWay(index, leftOut, folder);
    if (include.size > 0) {
      for (const folder of leftOut) if (foldersAbove(index, folder).some(({ id }) => include.has(id))) leftOut.delete(folder);
    }
    for (const folder of exclude) if (!foldersAbove(index, folder).some(({ id }) => leftOut.has(id))) leftOut.add(folder);
  }
  return { before, after: leftOut };
}

interface ChosenLevel {
  readonly include: Set<NodeId>;
  readonly exclude: Set<NodeId>;
}

/** The folders of a choice by how deep they are, those at the top first. */
function levelsOf(index: SyncIndex, choice: Choice): readonly ChosenLevel[] {
  const levels: ChosenLevel[] = [];
  for (const selection of ['include', 'exclude'] as const)
    for (const path of choice[selection]) {
      const { id } = requireFolder(index, path);
      const depth = foldersAbove(index, id).length;
      const level = (levels[depth] ??= { include: new Set(), exclude: new Set() });
      level[selection].add(id);
    }
  return levels.filter((level) => level !== undefined);
}

/** Folders that have a left-out one somewhere below. */
export function foldersOfBoth(index: SyncIndex): ReadonlySet<NodeId> {
  const mixed = new Set<NodeId>([rootId]);
  for (const folder of index.leftOut.chosen()) for (const { id } of foldersAbove(index, folder).slice(1)) mixed.add(id);
  return mixed;
}

/**
 * The folders of the vault's tree by path, down to where it is the same for all that is in them: those at the top, and
 * beside and above each left-out one. With 'all', every folder.
 */
export function listSelection(index: SyncIndex, which: 'all' | 'telling' = 'telling'): SelectedFolder[] {
  const leftOut = new Set(index.leftOut.chosen());
  const mixed = foldersOfBoth(index);
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

export function requireFolder(index: SyncIndex, path: string): VersionedNode {
  const found = findAtPath(index, path);
  if (found === 'top') throw new Failure('E_USAGE', 'the synced folder itself is neither included nor left out: name a folder in it');
  if (found?.state.kind === 'folder') return found;
  const why = found === undefined ? `there is no '${path}' in the vault` : `'${path}' is no folder`;
  throw new Failure('E_NOT_FOUND', why, {
    subject: path,
    action: '`cachette selective` lists folders, `cachette sync` brings news of them',
  });
}

/** From the highest left-out folder down: what stands beside the way stays out. */
function openWay(index: SyncIndex, leftOut: Set<NodeId>, folder: NodeId): void {
  const way = foldersAbove(index, folder);
  for (let at = way.findLastIndex(({ id }) => leftOut.has(id)); at > 0; at -= 1) {
    const above = way[at]?.id ?? folder;
    const next = way[at - 1]?.id;
    leftOut.delete(above);
    for (const { id, state } of childrenOf(index, above)) if (state.kind === 'folder' && id !== next) leftOut.add(id);
  }
  leftOut.delete(folder);
}

/** The folder itself, and those above it up to the top; nothing where the vault does not have it. */
export function foldersAbove(index: SyncIndex, folder: NodeId): VersionedNode[] {
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
