import type { NodeId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import { keepMeta } from '../../planner/kept-meta.ts';
import type { EngineParts } from '../engine-parts.ts';
import { noteLetGo } from './let-go.ts';
import { inLimbo, limboId } from '../scan/limbo.ts';

/**
 * What steps on the disk have found out, until it is durable there. The index must never say that a file has its new
 * content while a power cut could still bring the old one back: that would look like an edit made here. So results wait
 * in memory, one durability point of the disk serves many of them, and then they go to the index in one transaction.
 */
export class PendingRows {
  readonly #parts: EngineParts;
  readonly #local = new Map<NodeId, LocalNode | undefined>();
  readonly #aliases = new Map<NodeId, NodeId>();
  #writes: (() => void)[] = [];
  /** Whether something was found not to be where it was thought to be: then everything must be looked at again. */
  hasDisplaced = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Results that wait. */
  get size(): number {
    return this.#writes.length;
  }

  /** The node's local row as it is by now. */
  readonly find = (id: NodeId): LocalNode | undefined => {
    const row = this.#local.has(id) ? this.#local.get(id) : this.#parts.index.local.find(id);
    const parent = row === undefined ? undefined : this.#aliases.get(row.state.parent);
    return row === undefined || parent === undefined ? row : { ...row, state: { ...row.state, parent } };
  };

  write(row: LocalNode): void {
    this.#local.set(row.id, row);
    this.#writes.push(() => {
      this.#displace(row);
      this.#parts.index.local.write(row);
    });
  }

  erase(id: NodeId): void {
    this.#local.set(id, undefined);
    this.#writes.push(() => {
      this.#displaceBelow(id);
      this.#parts.index.local.erase(id);
      this.#parts.index.copies.erase(id);
    });
  }

  /** The local node takes another id, for its children too. */
  adopt(from: NodeId, to: NodeId): void {
    const row = this.find(from);
    if (row === undefined) return;
    this.#local.set(from, undefined);
    const { index } = this.#parts;
    const adopted = keepMeta({ ...row, id: to }, index.base.find(to)?.state, index.traits.current);
    this.#local.set(to, adopted);
    this.#aliases.set(from, to);
    this.#writes.push(() => {
      index.local.adopt(from, to);
      index.mounts.rename(from, to);
      if (adopted.state !== row.state) index.local.write(adopted);
    });
  }

  /** The base takes what the remote tree says of the node. */
  record(id: NodeId): void {
    this.#writes.push(() => {
      recordBase(this.#parts, id);
    });
  }

  /** The base forgets the node: it is left out here, and the vault has it. */
  forget(id: NodeId): void {
    this.#writes.push(() => {
      noteLetGo(this.#parts.index, id);
      this.#parts.index.base.erase(id);
    });
  }

  /** Any other write to the index that must not happen before the results so far are durable. */
  later(write: () => void): void {
    this.#writes.push(write);
  }

  /** What the tree still has at that place can't be there any more: it is looked for. */
  #displace(row: LocalNode): void {
    const { id, state } = row;
    const { local } = this.#parts.index;
    for (const there of [local.childNamed(state.parent, state.name), local.childShown(state.parent, shownOf(row))]) {
      if (there === undefined || there.id === id || there.state.parent === limboId) continue;
      local.write(inLimbo(there));
      this.hasDisplaced = true;
    }
  }

  /** A folder that was empty when it went: what the tree still has in it was taken out by somebody in the last moment. */
  #displaceBelow(folder: NodeId): void {
    const { local } = this.#parts.index;
    for (const child of local.childrenOf(folder, undefined, limits.childrenMax)) {
      local.write(inLimbo(child));
      this.hasDisplaced = true;
    }
  }

  /** Makes the disk durable, then the index say so. */
  async settle(): Promise<void> {
    if (this.#writes.length === 0) return;
    const writes = this.#writes;
    this.#writes = [];
    await this.#parts.disk.settle();
    this.#parts.index.transaction(() => {
      for (const write of writes) write();
    });
    this.#local.clear();
    this.#aliases.clear();
  }
}

/** The base becomes what the remote tree says of the node now. */
export function recordBase({ index }: EngineParts, id: NodeId): void {
  const remote = index.remote.find(id);
  if (remote === undefined) index.base.erase(id);
  else index.base.write(remote);
}
