/** A vault that is one tree and a log: changes are applied one group after the other, as the journal's fold does. */
import { rootId, type NodeId, type Version } from '../../src/model/ids.ts';
import type { ContentRef, NodeState, VersionedNode } from '../../src/model/node.ts';
import type { CopyOf, Draft } from '../../src/planner/operation.ts';
import { MemoryTree } from '../world/memory-tree.ts';

/** A draft, and the version of its node that its author saw. */
export interface MadeUpon {
  readonly draft: Draft;
  readonly upon: Version | undefined;
}

export class PlannerVault {
  readonly tree = new MemoryTree<VersionedNode>();
  /** Which contents ever stood at a node, and since which change. */
  readonly past = new Map<string, number>();
  /** Stories of the conflict copies in the tree. */
  readonly conflicts = new Map<NodeId, CopyOf>();
  /** Contents in the store, by id. */
  readonly stored = new Set<string>();
  /** Groups that were applied. */
  groups = 0;
  /** Copies that were published although the file they belong to held the same. */
  needlessCopies = 0;
  epoch = 1;
  /** Copies that held the same when they were published, with what they belong to. */
  readonly #alike: (readonly [NodeId, NodeId])[] = [];
  #versions = 0;

  /** How far the log goes. */
  get length(): number {
    return this.#versions;
  }

  /** All of the group, or nothing. Whether it was applied. */
  apply(group: readonly MadeUpon[]): boolean {
    const before = new Map(this.tree.nodes);
    const isApplied = this.#tryApply(group);
    if (isApplied) {
      this.groups += 1;
      for (const { draft } of group) this.#noteCopy(draft);
    } else {
      this.tree.nodes.clear();
      for (const [id, node] of before) this.tree.nodes.set(id, node);
    }
    return isApplied;
  }

  hasPast(node: NodeId, content: ContentRef, seen: number): boolean {
    return (this.past.get(`${node} ${content.id}`) ?? Infinity) <= seen;
  }

  /** As `PlanContext` has it, of contents that tell their epoch (`contentRef`). */
  pastEpochs(node: NodeId, sizeBytes: number, seen: number): number[] {
    const epochs = new Set<number>();
    for (const [key, since] of this.past) {
      const [, epoch, text = ''] = /^[^ ]+ (\d+):(.*)$/s.exec(key) ?? [];
      if (key.startsWith(`${node} `) && text.length === sizeBytes && since <= seen) epochs.add(Number(epoch));
    }
    return [...epochs].toSorted((a, b) => a - b);
  }

  #tryApply(group: readonly MadeUpon[]): boolean {
    if (new Set(group.map(({ draft }) => draft.node)).size < group.length) throw new Error('a node twice in one group');
    if (group.some(({ draft, upon }) => this.tree.find(draft.node)?.version !== upon)) return false;
    const states = group.map(({ draft }) => this.#after(draft));
    for (const { draft } of group) this.tree.erase(draft.node);
    for (const [at, { draft }] of group.entries()) {
      const state = states[at];
      if (state === undefined) continue;
      if (this.tree.childNamed(state.parent, state.name) !== undefined) return false;
      this.#versions += 1;
      this.tree.write({ id: draft.node, version: `v${this.#versions}` as Version, state });
      if (state.kind === 'file' && draft.do === 'put') this.#notePast(draft.node, state.content);
    }
    return group.every(({ draft }) => this.#holds(draft));
  }

  #after(draft: Draft): NodeState | undefined {
    if (draft.do === 'remove') return undefined;
    const node = this.tree.find(draft.node);
    if (draft.do === 'move') {
      if (node === undefined) throw new Error('moves what is not there');
      return { ...node.state, ...draft.place };
    }
    if (node !== undefined && node.state.kind !== draft.state.kind) throw new Error('a node changes its kind');
    if (draft.state.kind === 'file' && !this.stored.has(draft.state.content.id)) throw new Error('publishes what is not in the store');
    return draft.state;
  }

  #holds({ do: change, node }: Draft): boolean {
    if (change === 'remove') return !this.tree.hasChildren(node);
    const seen = new Set<NodeId>();
    for (let at = this.tree.find(node); at !== undefined && at.state.parent !== rootId; at = this.tree.find(at.state.parent)) {
      if (seen.has(at.id) || this.tree.find(at.state.parent)?.state.kind !== 'folder') return false;
      seen.add(at.id);
    }
    return true;
  }

  #notePast(node: NodeId, content: ContentRef): void {
    const key = `${node} ${content.id}`;
    if (!this.past.has(key)) this.past.set(key, this.#versions);
  }

  #noteCopy(draft: Draft): void {
    if (draft.do === 'remove') this.conflicts.delete(draft.node);
    if (draft.do === 'remove' || draft.copy === undefined || this.conflicts.has(draft.node)) return;
    this.conflicts.set(draft.node, draft.copy);
    const of = this.tree.find(draft.copy.of)?.state;
    if (draft.do === 'put' && of?.kind === 'file' && draft.state.kind === 'file' && of.content.id === draft.state.content.id)
      this.#alike.push([draft.node, draft.copy.of]);
  }

  /** A device has published all it had: what it edited of a file may have come after the copy. */
  judgeCopies(): void {
    for (const pair of this.#alike.splice(0)) {
      const [copy, of] = pair.map((id) => this.tree.find(id)?.state);
      if (copy?.kind === 'file' && of?.kind === 'file' && copy.content.id === of.content.id) this.needlessCopies += 1;
    }
  }
}
