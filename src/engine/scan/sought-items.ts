import { joinPath, type DiskPath } from '../../disk/disk.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { NodeId } from '../../model/ids.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import { conflicted } from '../open-conflicts.ts';
import { childrenOf } from './forget-missed.ts';

/** Which of the items that are missing where somebody told us to look are worth a look at everything, as they may stand anywhere. */
export class SoughtItems {
  readonly #index: SyncIndex;
  /** What the system says was removed, and not moved away. */
  readonly #removed: ReadonlySet<DiskPath>;
  /** Of what it says so, where it was. */
  readonly #told = new Map<NodeId, DiskPath>();
  #conflicted: ReadonlySet<NodeId> | undefined;

  constructor(index: SyncIndex, removed: ReadonlySet<DiskPath>) {
    this.#index = index;
    this.#removed = removed;
  }

  /** The item is no longer at the path. */
  noteMissing({ id }: LocalNode, path: DiskPath): void {
    if (this.#removed.has(path)) this.#told.set(id, path);
  }

  /** Whether the system said that it was removed from where it was. */
  isToldRemoved(id: NodeId): boolean {
    return this.#told.has(id);
  }

  /**
   * A folder is: all that is in it would be taken for removed. Of a file, that is its history; but where it takes part in a conflict
   * that nobody has decided, its removal would be the decision.
   */
  has(row: LocalNode): boolean {
    const path = this.#told.get(row.id);
    if (path !== undefined && this.#isAllRemoved(row, path)) return false;
    return row.state.kind === 'folder' || this.#isInConflict(row.id);
  }

  /** Whether it was removed with all that was known in it: what was taken out of a folder before that stands elsewhere. */
  #isAllRemoved(row: LocalNode, path: DiskPath): boolean {
    if (!this.#removed.has(path)) return false;
    if (row.state.kind !== 'folder') return true;
    for (const child of childrenOf(this.#index.local, row.id)) if (!this.#isAllRemoved(child, joinPath(path, shownOf(child)))) return false;
    return true;
  }

  #isInConflict(id: NodeId): boolean {
    this.#conflicted ??= conflicted(this.#index);
    return this.#conflicted.has(id);
  }
}
