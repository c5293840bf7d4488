/**
 * A device that is a disk, three trees and the planner. Each step of a plan must be possible unless a person or a failure
 * came between: what goes wrong here is the planner's own doing, without an engine, a store or a real disk to blame.
 */
import { unreachable } from '../../src/base/failure.ts';
import { fullTraits } from '../../src/model/disk-traits.ts';
import { rootId, type ContentId, type NodeId } from '../../src/model/ids.ts';
import { sameState, type ContentRef, type LocalNode, type LocalState, type Place, type VersionedNode } from '../../src/model/node.ts';
import type { CopyOf, Draft, Operation, Plan, PlanContext } from '../../src/planner/operation.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { LocalReader } from '../../src/model/trees.ts';
import { planBatch } from '../../src/planner/plan-batch.ts';
import { MemoryTree } from '../world/memory-tree.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';
import { PlannerDisk, type DiskItem, type Inode, type NewItem } from './planner-disk.ts';
import type { PlannerVault } from './planner-vault.ts';

const roundsMax = 80;

class LocalMemory extends MemoryTree<LocalNode> implements LocalReader {
  childShown(parent: NodeId, shown: NodeName): LocalNode | undefined {
    return this.childNamed(parent, shown);
  }
}

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

/** What comes between a plan and its execution. */
export interface Trouble {
  /** Whether this step is not done: its node's later steps are then left out too. */
  isStepLost(): boolean;
  /** Whether this group is not published: as if another device had been faster. */
  isGroupLost(): boolean;
  /** Called between planning and acting: a person may change the disk. Whether something may be otherwise now. */
  meanwhile(): boolean;
}

const noTrouble: Trouble = { isStepLost: () => false, isGroupLost: () => false, meanwhile: () => false };

export class PlannerDevice {
  readonly name: string;
  readonly disk: PlannerDisk;
  readonly local = new LocalMemory();
  readonly base = new BaseTree(this.local);
  /** The vault as this device knows it. */
  readonly remote = new MemoryTree<VersionedNode>();
  /** Steps and groups so far. */
  steps = 0;
  /** Groups that could not be applied: harmless, but each is a plan for nothing. */
  voids = 0;
  trouble = noTrouble;
  /** Whether all that is dirty is planned at once; else some of it, chosen anew each time. */
  isWhole = false;
  /** Whether the index was lost. */
  isRebuilding = false;
  /** Folders that selective sync leaves out. */
  readonly #leftOut = new Set<NodeId>();
  readonly #vault: PlannerVault;
  readonly #choice: SeededChoice;
  readonly #copies = new Map<NodeId, CopyOf>();
  /** Held until something changes, with what was known then. */
  readonly #held = new Map<NodeId, string>();
  #seen = 0;
  #isDisturbed = false;
  #failed = new Set<NodeId>();

  constructor(name: string, vault: PlannerVault, choice: SeededChoice) {
    this.name = name;
    this.#vault = vault;
    this.#choice = choice;
    this.disk = new PlannerDisk(() => choice.id() as Inode);
  }

  /** Observes, then plans and acts until nothing is left. Throws where a step was impossible, or where it doesn't come to rest. */
  sync(): void {
    this.observe();
    this.catchUp();
    for (let round = 0; round < roundsMax; round += 1) {
      if (this.syncABit()) continue;
      this.#vault.judgeCopies();
      return;
    }
    throw new Error(`${this.name}: does not come to rest: ${this.describeDirty()}`);
  }

  /** Plans and acts once, for some of what is dirty. Whether anything was. */
  syncABit(): boolean {
    const dirty = this.#shuffled(this.dirty());
    if (dirty.length === 0) return false;
    const batch = this.isWhole ? dirty : dirty.slice(0, 1 + this.#choice.below(dirty.length));
    let plan = this.plan(batch);
    if (isEmpty(plan)) plan = this.plan(dirty);
    if (isEmpty(plan)) throw new Error(`${this.name}: nothing planned for ${this.describeDirty()}`);
    this.#run(plan);
    return true;
  }

  /** Plans and acts once, for all that is dirty. */
  syncOnce(): void {
    const plan = this.plan(this.#shuffled(this.dirty()));
    if (!isEmpty(plan)) this.#run(plan);
  }

  plan(nodes: readonly NodeId[]): Plan {
    return planBatch(nodes, { local: this.local, base: this.base, remote: this.remote }, this.#context());
  }

  /** Nodes on which the three trees disagree and that are not held. */
  dirty(): NodeId[] {
    const ids = new Set([...this.local.nodes.keys(), ...this.base.nodes.keys(), ...this.remote.nodes.keys()]);
    return [...ids].filter((id) => {
      const local = this.local.find(id);
      const base = this.base.find(id);
      if (this.isLeftOut(id)) return local !== undefined || base !== undefined;
      const isApart =
        (local === undefined) !== (base === undefined) ||
        (local !== undefined && base !== undefined && !sameState(local.state, base.state));
      return (base?.version !== this.remote.find(id)?.version || isApart) && this.#held.get(id) !== this.#situation(id);
    });
  }

  /** The vault's news become known. */
  catchUp(): void {
    if (this.#seen === this.#vault.length && this.remote.nodes.size === this.#vault.tree.nodes.size) return;
    this.#leavingOut(() => {
      this.remote.nodes.clear();
      for (const [id, node] of this.#vault.tree.nodes) this.remote.nodes.set(id, node);
    });
    this.#seen = this.#vault.length;
  }

  /** A person leaves the folder out, or takes it back in. */
  choose(folder: NodeId, choice: 'left-out' | 'included'): void {
    this.#leavingOut(() => {
      if (choice === 'left-out') this.#leftOut.add(folder);
      else this.#leftOut.delete(folder);
    });
  }

  /** Whether the node stands in the vault at or below a left-out folder. */
  isLeftOut(id: NodeId): boolean {
    for (let at = this.remote.find(id); at !== undefined; at = this.remote.find(at.state.parent)) if (this.#leftOut.has(at.id)) return true;
    return false;
  }

  /** All is lost but the disk, the choice, and what the vault tells. */
  loseIndex(): void {
    this.local.nodes.clear();
    this.base.nodes.clear();
    this.isRebuilding = true;
  }

  /** As the index does: what is left out no more and not on this disk was not deleted here. */
  #leavingOut(change: () => void): void {
    const before = [...this.base.nodes.keys()].filter((id) => this.isLeftOut(id));
    change();
    for (const id of before)
      if (!this.isLeftOut(id) && this.remote.find(id) !== undefined && this.local.find(id) === undefined) this.base.erase(id);
  }

  /** The local tree is made to say what the disk shows. */
  observe(): void {
    const rows = new Map([...this.local.nodes.values()].map((row) => [row.identity, row]));
    const gone = new Set(
      [...this.local.nodes.values()].filter(({ identity }) => !this.disk.items.has(identity as Inode)).map(({ id }) => id),
    );
    const seen: LocalNode[] = [];
    const look = (inode: Inode, folder: NodeId): void => {
      for (const item of this.disk.childrenOf(inode)) {
        const known = rows.get(item.inode) ?? this.#replacedBy(item, folder, gone);
        const row = this.#observed(item, folder, known);
        gone.delete(row.id);
        seen.push(row);
        if (item.kind === 'folder') look(item.inode, row.id);
      }
    };
    look(rootId, rootId);
    this.local.nodes.clear();
    for (const row of seen) this.local.write(row);
  }

  /** The node that stands at the path on this disk, as last observed. */
  nodeAt(path: string): NodeId | undefined {
    const item = this.disk.at(path);
    return item === undefined ? undefined : [...this.local.nodes.values()].find(({ identity }) => identity === item.inode)?.id;
  }

  describeDirty(): string {
    const brief = (node: LocalNode | VersionedNode | undefined): unknown =>
      node && [
        node.state.parent.slice(0, 4),
        node.state.name,
        node.state.kind === 'file' ? node.state.content?.id : node.state.kind,
        'version' in node ? node.version : '',
      ];
    return JSON.stringify(
      this.dirty().map((id) => [
        id.slice(0, 4),
        brief(this.local.find(id)) ?? null,
        brief(this.base.find(id)) ?? null,
        brief(this.remote.find(id)) ?? null,
      ]),
    );
  }

  /** A new item under the name of one that is gone is its new version, saved by renaming over the old one. */
  #replacedBy(item: DiskItem, folder: NodeId, gone: ReadonlySet<NodeId>): LocalNode | undefined {
    const row = this.local.childNamed(folder, item.name);
    return row !== undefined && row.state.kind === item.kind && gone.has(row.id) ? row : undefined;
  }

  #observed(item: DiskItem, parent: NodeId, known: LocalNode | undefined): LocalNode {
    const isSame = known !== undefined && known.identity === item.inode && known.fingerprint === fingerprint(item);
    const content = isSame && known.state.kind === 'file' ? known.state.content : undefined;
    return this.#row(known?.id ?? item.inode, { item, parent, content });
  }

  #row(id: NodeId, { item, parent, content }: { item: DiskItem; parent: NodeId; content: ContentRef | undefined }): LocalNode {
    return { id, state: stateOf(item, parent, content), identity: item.inode, fingerprint: fingerprint(item) };
  }

  #run(plan: Plan): void {
    this.#failed = new Set();
    this.#isDisturbed = this.trouble.meanwhile();
    const lost = new Set<Draft>();
    for (const draft of plan.groups.filter(() => this.trouble.isGroupLost()).flat()) lost.add(draft);
    const versions = new Map(plan.groups.flat().map((draft) => [draft, this.remote.find(draft.node)?.version]));
    for (const operation of plan.operations) this.#step(operation);
    if (!plan.operations.some((operation) => operation.do === 'read')) {
      for (const group of plan.groups) if (group.every((draft) => !lost.has(draft))) this.#publish(group, versions);
    }
    if (this.#isDisturbed) this.observe();
    this.catchUp();
  }

  #publish(group: readonly Draft[], versions: ReadonlyMap<Draft, VersionedNode['version'] | undefined>): void {
    this.steps += 1;
    // As the engine does: the base follows an own change only from the version that the change was made upon.
    const follows = group.map((draft) => this.base.find(draft.node)?.version === versions.get(draft));
    if (!this.#vault.apply(group.map((draft) => ({ draft, upon: versions.get(draft) })))) {
      this.voids += 1;
      return;
    }
    for (const [at, { node }] of group.entries()) {
      if (follows[at] === true) record(this.base, node, this.#vault.tree);
      this.#copies.delete(node);
    }
  }

  #step(operation: Operation): void {
    this.steps += 1;
    const node = 'node' in operation ? operation.node : operation.local;
    if (this.#failed.has(node)) return;
    const isDone = !this.trouble.isStepLost() && this.#act(operation);
    if (isDone) return;
    this.#failed.add(node);
    this.#isDisturbed = true;
  }

  /** Whether the step could be done. */
  #act(operation: Operation): boolean {
    switch (operation.do) {
      case 'read':
        return this.#read(operation);
      case 'make-folder':
        return this.#place(operation.node, operation.place, { kind: 'folder', text: '' }, undefined);
      case 'make-link':
        return this.#place(
          operation.node,
          operation.place,
          { kind: 'link', text: operation.target, mtimeUs: operation.mtimeUs },
          undefined,
        );
      case 'fetch': {
        const { node, place, content, mtimeUs, executable, fromOutside } = operation;
        return this.#place(node, place, { kind: 'file', text: textOf(content), mtimeUs, executable, fromOutside }, content);
      }
      case 'move':
        return this.#move(operation);
      case 'set-meta':
        return this.#setMeta(operation);
      case 'discard':
        return this.#discard(operation.node);
      case 'leave-out':
        if (this.local.find(operation.node) !== undefined && !this.#discard(operation.node)) return false;
        this.base.erase(operation.node);
        return true;
      case 'adopt':
        if (operation.copy !== undefined) this.#copies.set(operation.remote, operation.copy);
        return this.#adopt(operation.local, operation.remote);
      case 'fork': {
        const copy = this.#choice.id() as NodeId;
        if (!this.#adopt(operation.node, copy)) return false;
        this.#copies.set(copy, { of: operation.node, ancestor: operation.ancestor });
        return true;
      }
      case 'record':
        record(this.base, operation.node, this.remote);
        return true;
      case 'record-below':
        this.#recordBelow(operation.node);
        return true;
      case 'hold':
        this.#held.set(operation.node, this.#situation(operation.node));
        return true;
      default:
        return unreachable(operation);
    }
  }

  /** The step came upon a disk that is not as the plan believed: allowed only where something came between. */
  #impossible(what: string): false {
    if (!this.#isDisturbed) throw new Error(`${this.name}: ${what}`);
    return false;
  }

  #read({ node, how, epoch }: Extract<Operation, { do: 'read' }>): boolean {
    const item = this.#itemOf(node);
    const row = this.local.find(node);
    if (item === undefined || row === undefined) return this.#impossible('reads what is not there');
    const content = contentRef(item.text, epoch);
    if (how === 'upload') this.#vault.stored.add(content.id);
    this.local.write(this.#row(node, { item, parent: row.state.parent, content }));
    return true;
  }

  #place(id: NodeId, place: Place, made: NewItem, content: ContentRef | undefined): boolean {
    const folder = this.#folderAt(place.parent);
    if (folder === undefined) return this.#impossible(`no folder for ${place.name}`);
    const there = this.disk.childNamed(folder, place.name);
    const own = this.local.find(id);
    if (
      own === undefined ? there !== undefined : there === undefined || there.inode !== this.#itemOf(id)?.inode || there.kind !== made.kind
    ) {
      return this.#impossible(`${place.name} is taken, or not what it was`);
    }
    if (there !== undefined) this.disk.remove(there.inode);
    const inode = this.disk.make(folder, place.name, made);
    const item = this.disk.items.get(inode);
    if (item !== undefined) this.local.write(this.#row(id, { item, parent: place.parent, content }));
    record(this.base, id, this.remote);
    return true;
  }

  #move({ node, place, copy }: Extract<Operation, { do: 'move' }>): boolean {
    const item = this.#itemOf(node);
    const row = this.local.find(node);
    const folder = this.#folderAt(place.parent);
    if (item === undefined || row === undefined || folder === undefined) return this.#impossible(`moves ${place.name} from or to nowhere`);
    const there = this.disk.childNamed(folder, place.name);
    if (there !== undefined && there.inode !== item.inode) return this.#impossible(`${place.name} is taken`);
    if (this.disk.below(item.inode).some(({ inode }) => inode === folder)) return this.#impossible('into itself');
    this.disk.move(item.inode, folder, place.name);
    this.local.write({ ...row, state: { ...row.state, ...place } });
    if (copy !== undefined) this.#copies.set(node, copy);
    return true;
  }

  #setMeta({ node, mtimeUs, executable, fromOutside }: Extract<Operation, { do: 'set-meta' }>): boolean {
    const item = this.#itemOf(node);
    const row = this.local.find(node);
    if (item === undefined || row?.state.kind !== 'file') return this.#impossible('no file to set times of');
    this.disk.change(item.inode, { mtimeUs, executable, fromOutside });
    const changed = this.disk.items.get(item.inode);
    if (changed !== undefined) this.local.write(this.#row(node, { item: changed, parent: row.state.parent, content: row.state.content }));
    return true;
  }

  #discard(node: NodeId): boolean {
    const item = this.#itemOf(node);
    if (item === undefined) return this.#impossible('discards what is not there');
    if (this.disk.childrenOf(item.inode).length > 0) return this.#impossible('discards a folder that holds something');
    this.disk.remove(item.inode);
    this.local.erase(node);
    record(this.base, node, this.remote);
    return true;
  }

  #adopt(from: NodeId, to: NodeId): boolean {
    const node = this.local.find(from);
    if (node === undefined || this.local.find(to) !== undefined) return this.#impossible('adopts what can not be');
    this.local.erase(from);
    this.local.write({ ...node, id: to });
    for (const child of this.local.childrenOf(from, undefined, 1e9)) this.local.write({ ...child, state: { ...child.state, parent: to } });
    return true;
  }

  #recordBelow(id: NodeId): void {
    const isGoneThere = this.remote.find(id) === undefined;
    this.base.erase(id);
    const [kept, removed] = isGoneThere ? [this.local, this.remote] : [this.remote, this.local];
    const walk = (parent: NodeId): void => {
      for (const child of kept.childrenOf(parent, undefined, 1e9)) {
        if (removed.find(child.id) !== undefined || this.base.find(child.id)?.state.parent !== parent) continue;
        this.base.erase(child.id);
        walk(child.id);
      }
    };
    walk(id);
  }

  /** The item where the local tree says the node is, if it is still that one and as it was. */
  #itemOf(id: NodeId): DiskItem | undefined {
    const row = this.local.find(id);
    if (row === undefined) return undefined;
    const folder = this.#folderAt(row.state.parent);
    const item = folder === undefined ? undefined : this.disk.childNamed(folder, row.state.name);
    return item !== undefined && item.inode === row.identity && fingerprint(item) === row.fingerprint ? item : undefined;
  }

  /** Whatever folder stands under the path that the local tree gives the node: a path is all that a real disk is asked by. */
  #folderAt(id: NodeId): Inode | undefined {
    if (id === rootId) return rootId;
    const row = this.local.find(id);
    const above = row === undefined ? undefined : this.#folderAt(row.state.parent);
    const item = row === undefined || above === undefined ? undefined : this.disk.childNamed(above, row.state.name);
    return item?.kind === 'folder' ? item.inode : undefined;
  }

  /** Changes whenever a held node is worth another look. */
  #situation(id: NodeId): string {
    return JSON.stringify([this.local.find(id) ?? null, this.base.find(id)?.version ?? null, this.remote.find(id)?.version ?? null]);
  }

  #context(): PlanContext {
    return {
      device: this.name,
      date: '2026-01-01',
      epoch: this.#vault.epoch,
      traits: { ...fullTraits, keepsOrigin: true },
      isLeftOut: (node) => this.isLeftOut(node),
      isRebuilding: this.isRebuilding,
      isStored: (content) => content.sizeBytes === 0 || this.#vault.stored.has(content.id),
      isHeldBack: () => false,
      isOutOfSight: () => false,
      isInConflict: () => false,
      isPast: (node, content) => this.#vault.hasPast(node, content, this.#seen),
      isPastKnown: true,
      pastEpochs: (node, sizeBytes) => this.#vault.pastEpochs(node, sizeBytes, this.#seen),
      isAnyUnreadable: () => false,
      isCopied: (node) => [...this.#copies.values()].some(({ of }) => of === node),
      copyOf: (node) => this.#copies.get(node),
    };
  }

  #shuffled(ids: readonly NodeId[]): NodeId[] {
    return ids
      .map((id) => ({ id, key: this.#choice.fraction() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ id }) => id);
  }
}

function isEmpty({ operations, groups }: Plan): boolean {
  return operations.length + groups.length === 0;
}

function record(base: MemoryTree<VersionedNode>, id: NodeId, remote: MemoryTree<VersionedNode>): void {
  const node = remote.find(id);
  if (node === undefined) base.erase(id);
  else base.write(node);
}

/** A content's id tells its epoch: the same bytes have another one in another epoch. */
export function contentRef(text: string, epoch: number): ContentRef {
  return { epoch, id: `${epoch}:${text}` as ContentId, sizeBytes: text.length };
}

function textOf({ id }: ContentRef): string {
  return id.slice(id.indexOf(':') + 1);
}

function fingerprint({ kind, stamp }: DiskItem): string {
  return kind === 'folder' ? '' : String(stamp);
}

function stateOf(
  { kind, name, text, mtimeUs, executable, fromOutside }: DiskItem,
  parent: NodeId,
  content: ContentRef | undefined,
): LocalState {
  const place = { parent, name };
  if (kind === 'folder') return { kind, ...place };
  if (kind === 'link') return { kind, ...place, target: text, mtimeUs };
  return { kind, ...place, content, sizeBytes: text.length, mtimeUs, executable, fromOutside };
}
