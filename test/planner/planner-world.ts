/**
 * Devices that consist of three trees and the planner: every step of a plan succeeds, and must have been possible. What
 * goes wrong here is the planner's own doing, without a disk, a store or an engine to blame.
 */
import { rootId, type ContentId, type NodeId, type Version } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { sameState, type ContentRef, type LocalNode, type LocalState, type Place, type VersionedNode } from '../../src/model/node.ts';
import type { CopyOf, Draft, Operation } from '../../src/planner/operation.ts';
import { planBatch } from '../../src/planner/plan-batch.ts';
import { MemoryTree } from '../world/memory-tree.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';

class BaseTree extends MemoryTree<VersionedNode> {
  readonly #local: MemoryTree<LocalNode>;

  constructor(local: MemoryTree<LocalNode>) {
    super();
    this.#local = local;
  }

  vanishedWithContent(content: ContentId, limit: number): readonly VersionedNode[] {
    return [...this.nodes.values()]
      .filter(({ id, state }) => state.kind === 'file' && state.content.id === content && this.#local.find(id) === undefined)
      .slice(0, limit);
  }
}

/** The vault: one tree that all devices read and write, one after the other. */
export class PlannerVault {
  readonly tree = new MemoryTree<VersionedNode>();
  readonly past = new Set<string>();
  #versions = 0;

  /** Applies a group as the journal's fold does: all of it, or, where a part of it can't be, nothing. Whether it was applied. */
  apply(group: readonly Draft[]): boolean {
    const before = new Map(this.tree.nodes);
    const isApplied = this.#tryApply(group);
    if (!isApplied) {
      this.tree.nodes.clear();
      for (const [id, node] of before) this.tree.nodes.set(id, node);
    }
    return isApplied;
  }

  #tryApply(group: readonly Draft[]): boolean {
    if (group.some((draft) => draft.do === 'move' && this.tree.find(draft.node) === undefined)) return false;
    const states = group.map((draft) => this.#after(draft));
    for (const draft of group) this.tree.erase(draft.node);
    for (const [at, state] of states.entries()) {
      const draft = group[at];
      if (draft === undefined || state === undefined) continue;
      if (this.tree.childNamed(state.parent, state.name) !== undefined) return false;
      this.tree.write({ id: draft.node, version: `v${(this.#versions += 1)}` as Version, state });
    }
    return group.every((draft) => this.#holds(draft));
  }

  #after(draft: Draft): VersionedNode['state'] | undefined {
    if (draft.do === 'remove') return undefined;
    if (draft.do === 'put') {
      if (draft.state.kind === 'file') this.past.add(`${draft.node} ${draft.state.content.id}`);
      return draft.state;
    }
    const node = this.tree.find(draft.node);
    if (node === undefined) throw new Error('moves what is not there');
    return { ...node.state, ...draft.place };
  }

  #holds(draft: Draft): boolean {
    if (draft.do === 'remove') return !this.tree.hasChildren(draft.node);
    const seen = new Set<NodeId>();
    for (let at = this.tree.find(draft.node); at !== undefined && at.state.parent !== rootId; at = this.tree.find(at.state.parent)) {
      if (seen.has(at.id) || this.tree.find(at.state.parent)?.state.kind !== 'folder') return false;
      seen.add(at.id);
    }
    return true;
  }
}

/** One device: what its disk shows, and what it last agreed upon. */
export class PlannerDevice {
  readonly name: string;
  readonly local = new MemoryTree<LocalNode>();
  readonly base = new BaseTree(this.local);
  readonly #vault: PlannerVault;
  readonly #copies = new Map<NodeId, CopyOf>();
  readonly #contents = new Map<NodeId, ContentRef>();
  readonly #choice: SeededChoice;
  steps = 0;
  /** Groups that could not be applied: harmless, but each is a plan for nothing. */
  voids = 0;

  constructor(name: string, vault: PlannerVault, choice: SeededChoice) {
    this.name = name;
    this.#vault = vault;
    this.#choice = choice;
  }

  /** What a file holds on this disk (whether or not the engine has read it). */
  contentOf(id: NodeId): ContentRef | undefined {
    return this.#contents.get(id);
  }

  /** A person writes a file: new, or other content. The engine has yet to read it. */
  write(id: NodeId, place: Place, content: string): void {
    const ref = { epoch: 1, id: content as ContentId, sizeBytes: content.length };
    this.#contents.set(id, ref);
    this.local.write({ id, state: { kind: 'file', ...place, content: undefined, sizeBytes: ref.sizeBytes, mtimeUs: this.#choice.below(1e6), executable: false }, identity: id, fingerprint: '' });
  }

  makeFolder(id: NodeId, place: Place): void {
    this.local.write({ id, state: { kind: 'folder', ...place }, identity: id, fingerprint: '' });
  }

  move(id: NodeId, place: Place): void {
    const node = this.local.find(id);
    if (node !== undefined) this.local.write({ ...node, state: { ...node.state, ...place } });
  }

  /** A person deletes it, with all below. */
  remove(id: NodeId): void {
    for (const child of this.local.childrenOf(id, undefined, 1e9)) this.remove(child.id);
    this.local.erase(id);
  }

  /** Plans and acts until nothing is left. Throws where a step was impossible, or where it doesn't come to rest. */
  sync(): void {
    for (let round = 0; round < 60; round += 1) {
      const dirty = this.#shuffled(this.dirty());
      if (dirty.length === 0) return;
      const batch = dirty.slice(0, 1 + this.#choice.below(dirty.length));
      const trees = { local: this.local, base: this.base, remote: this.#vault.tree };
      let plan = planBatch(batch, trees, this.#context());
      if (plan.operations.length + plan.groups.length === 0) plan = planBatch(dirty, trees, this.#context());
      if (plan.operations.length + plan.groups.length === 0) throw new Error(`${this.name}: nothing planned for ${JSON.stringify(dirty.map((id) => this.#describe(id)))}`);
      for (const operation of plan.operations) this.#act(operation);
      if (!plan.operations.some((operation) => operation.do === 'read')) for (const group of plan.groups) this.#publish(group);
    }
    throw new Error(`${this.name}: does not come to rest: ${JSON.stringify(this.dirty().map((id) => this.#describe(id)))}`);
  }

  dirty(): NodeId[] {
    const ids = new Set([...this.local.nodes.keys(), ...this.base.nodes.keys(), ...this.#vault.tree.nodes.keys()]);
    return [...ids].filter((id) => {
      const local = this.local.find(id);
      const base = this.base.find(id);
      return base?.version !== this.#vault.tree.find(id)?.version || (local === undefined) !== (base === undefined) || (local !== undefined && base !== undefined && !sameState(local.state, base.state));
    });
  }

  /** Path → content, for comparing. */
  files(): Map<string, string> {
    const found = new Map<string, string>();
    const walk = (parent: NodeId, prefix: string): void => {
      for (const { id, state } of this.local.childrenOf(parent, undefined, 1e9)) {
        const path = `${prefix}/${state.name}`;
        found.set(path, state.kind === 'file' ? (this.#contents.get(id)?.id ?? '?') : 'folder');
        if (state.kind === 'folder') walk(id, path);
      }
    };
    walk(rootId, '');
    return found;
  }

  #publish(group: readonly Draft[]): void {
    this.steps += 1;
    // As the engine does: the base follows an own change only from the version that the change was made upon.
    const follows = group.map(({ node }) => this.base.find(node)?.version === this.#vault.tree.find(node)?.version);
    if (!this.#vault.apply(group)) {
      this.voids += 1;
      return;
    }
    for (const [at, draft] of group.entries()) {
      if (follows[at] === true) this.#record(draft.node);
      this.#copies.delete(draft.node);
    }
  }

  #act(operation: Operation): void {
    this.steps += 1;
    switch (operation.do) {
      case 'read': {
        const node = this.local.find(operation.node);
        if (node?.state.kind === 'file') this.local.write({ ...node, state: { ...node.state, content: this.#contents.get(operation.node) } });
        return;
      }
      case 'make-folder':
        this.#put(operation.node, { kind: 'folder', ...operation.place });
        return this.#record(operation.node);
      case 'fetch':
        this.#put(operation.node, { kind: 'file', ...operation.place, content: operation.content, sizeBytes: operation.content.sizeBytes, mtimeUs: operation.mtimeUs, executable: operation.executable });
        this.#contents.set(operation.node, operation.content);
        return this.#record(operation.node);
      case 'move': {
        const node = this.local.find(operation.node);
        if (node === undefined) throw new Error('moves what is not here');
        this.#put(operation.node, { ...node.state, ...operation.place });
        if (operation.copy !== undefined) this.#copies.set(operation.node, operation.copy);
        return;
      }
      case 'set-meta': {
        const node = this.local.find(operation.node);
        if (node?.state.kind !== 'file') throw new Error('no file to set times of');
        this.local.write({ ...node, state: { ...node.state, mtimeUs: operation.mtimeUs, executable: operation.executable } });
        return;
      }
      case 'discard':
        if (this.local.hasChildren(operation.node)) throw new Error('discards a folder that holds something');
        this.local.erase(operation.node);
        return this.#record(operation.node);
      case 'adopt':
        return this.#adopt(operation.local, operation.remote);
      case 'fork': {
        const copy = this.#choice.id() as NodeId;
        this.#adopt(operation.node, copy);
        this.#copies.set(copy, { of: operation.node, ancestor: operation.ancestor });
        return;
      }
      case 'record':
        return this.#record(operation.node);
      case 'record-below':
        return this.#recordBelow(operation.node);
      case 'make-link':
      case 'hold':
        throw new Error(`not in this world: ${operation.do}`);
    }
  }

  #put(id: NodeId, state: LocalState): void {
    if (state.parent !== rootId && this.local.find(state.parent)?.state.kind !== 'folder') throw new Error(`no folder for ${state.name}`);
    const there = this.local.childNamed(state.parent, state.name);
    if (there !== undefined && there.id !== id) throw new Error(`${state.name} is taken on ${this.name}`);
    for (let at = this.local.find(state.parent); at !== undefined; at = this.local.find(at.state.parent)) if (at.id === id) throw new Error('into itself');
    this.local.write({ id, state, identity: id, fingerprint: '' });
  }

  #adopt(from: NodeId, to: NodeId): void {
    const node = this.local.find(from);
    if (node === undefined || this.local.find(to) !== undefined) throw new Error('adopts what can not be');
    this.local.erase(from);
    this.local.write({ ...node, id: to });
    const content = this.#contents.get(from);
    if (content !== undefined) this.#contents.set(to, content);
    for (const child of this.local.childrenOf(from, undefined, 1e9)) this.local.write({ ...child, state: { ...child.state, parent: to } });
  }

  #record(id: NodeId): void {
    const remote = this.#vault.tree.find(id);
    if (remote === undefined) this.base.erase(id);
    else this.base.write(remote);
  }

  #recordBelow(id: NodeId): void {
    const isGoneThere = this.#vault.tree.find(id) === undefined;
    this.#record(id);
    const walk = (parent: NodeId): void => {
      for (const child of isGoneThere ? this.local.childrenOf(parent, undefined, 1e9) : this.#vault.tree.childrenOf(parent, undefined, 1e9)) {
        walk(child.id);
        if ((isGoneThere ? this.#vault.tree : this.local).find(child.id) === undefined) this.base.erase(child.id);
      }
    };
    walk(id);
  }

  #context(): Parameters<typeof planBatch>[2] {
    return {
      device: this.name,
      date: '2026-01-01',
      epoch: 1,
      isExcluded: () => false,
      isStored: () => true,
      isPast: (node, content) => this.#vault.past.has(`${node} ${content.id}`),
      copyOf: (node) => this.#copies.get(node),
    };
  }

  #shuffled(ids: NodeId[]): NodeId[] {
    return ids.map((id) => ({ id, key: this.#choice.fraction() })).sort((a, b) => a.key - b.key).map(({ id }) => id);
  }

  #describe(id: NodeId): unknown {
    const brief = (node: LocalNode | VersionedNode | undefined): unknown => (node === undefined ? null : [node.state.parent.slice(0, 4), node.state.name, node.state.kind === 'file' ? node.state.content?.id : '/', 'version' in node ? node.version : '']);
    return [id.slice(0, 4), brief(this.local.find(id)), brief(this.base.find(id)), brief(this.#vault.tree.find(id))];
  }
}

export function nodeName(text: string): NodeName {
  return text as NodeName;
}
