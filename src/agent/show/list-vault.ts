import { Failure } from '../../base/failure.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { VersionedNode } from '../../model/node.ts';
import { lookInto } from '../folder/look-into.ts';
import { findAtPath, findVaultPath } from './vault-paths.ts';

/** A row of `ls --json`. */
export interface ListedItem {
  readonly path: string;
  readonly kind: 'file' | 'dir' | 'link';
  readonly size: number;
  /** Folders have none in the vault. */
  readonly mtime: string | null;
  /** Whether it is on this device. */
  readonly local: boolean;
}

const pageSize = 1000;

/**
 * The vault's tree below a path, everything in it, by path; a file stands for itself. `each` gets one row at a time:
 * a vault may hold millions. Throws E_NOT_FOUND where nothing stands there.
 */
export function listVault(profileDir: string, path: string, each: (item: ListedItem) => void): Promise<void> {
  return lookInto(profileDir, ({ index }) => {
    const found = findAtPath(index, path);
    if (found === undefined) throw new Failure('E_NOT_FOUND', `nothing stands at '${path}' in the vault`, { subject: path });
    if (found === 'top') {
      listFolder(index, rootId, '', each);
      return;
    }
    const at = findVaultPath(index, found.id) ?? path;
    if (found.state.kind === 'folder') listFolder(index, found.id, `${at}/`, each);
    else each(listedItem(index, found, at));
  });
}

function listFolder(index: SyncIndex, folder: NodeId, prefix: string, each: (item: ListedItem) => void): void {
  for (let after: NodeName | undefined; ;) {
    const page = index.remote.childrenOf(folder, after, pageSize);
    for (const node of page) {
      const path = `${prefix}${node.state.name}`;
      each(listedItem(index, node, path));
      if (node.state.kind === 'folder') listFolder(index, node.id, `${path}/`, each);
    }
    after = page.at(-1)?.state.name;
    if (page.length < pageSize) return;
  }
}

/** A row of its own. */
export function listedItem(index: SyncIndex, { id, state }: VersionedNode, path: string): ListedItem {
  const local = index.local.find(id) !== undefined;
  if (state.kind === 'folder') return { path, kind: 'dir', size: 0, mtime: null, local };
  const mtime = new Date(Math.floor(state.mtimeUs / 1000)).toISOString();
  return state.kind === 'file'
    ? { path, kind: 'file', size: state.content.sizeBytes, mtime, local }
    : { path, kind: 'link', size: 0, mtime, local };
}
