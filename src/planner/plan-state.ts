import type { NodeId } from '../model/ids.ts';
import { rootId } from '../model/ids.ts';
import type { NodeName } from '../model/name.ts';
import type { VersionedNode } from '../model/node.ts';
import type { ThreeTrees } from '../model/trees.ts';
import { LocalOverlay } from './local-overlay.ts';
import { NewFiles } from './new-files.ts';
import { Overlay } from './overlay.ts';
import type { CopyOf, Draft, Operation, PlanContext } from './operation.ts';
import { TiedDrafts } from './tied-drafts.ts';

/** Visits within visits; more would not fit on the stack, where each takes some ten calls. */
const nestedMax = 100;

/** What visiting a node means, and making an absent one: handed in, as the rules also need each other. */
export interface PlanRules {
  visit(state: PlanState, id: NodeId): void;
  /** Whom the node's visit is going to visit, as it stands where the node goes; undefined where nobody does. */
  findOccupant(state: PlanState, id: NodeId): NodeId | undefined;
  bring(state: PlanState, remote: VersionedNode): void;
}

/**
 * What one planning call has decided so far: the trees as they will be, the steps, the changes. Every node is visited at
 * most once; a node met again while its own visit runs tells of a cycle.
 */
export class PlanState {
  readonly trees: ThreeTrees;
  readonly context: PlanContext;
  readonly local: LocalOverlay;
  readonly remote: Overlay<VersionedNode>;
  readonly operations: Operation[] = [];
  readonly waiting = new Set<NodeId>();
  readonly held = new Set<NodeId>();
  /** New items of which only the vault's past would tell whether they are merely old (`Plan.inDoubt`). */
  readonly inDoubt = new Set<NodeId>();
  /** Nodes whose local content is about to become another node: where it stands is decided for that one, next time. */
  readonly forking = new Set<NodeId>();
  /** Nodes whose new content is on its way to this disk: what they hold is known once it is there. */
  readonly arriving = new Set<NodeId>();
  /** All that are planned now. */
  readonly newFiles: NewFiles;
  /** Nodes that the vault removed and that stay on this disk all the same: they count as new here. */
  readonly staying = new Set<NodeId>();
  /** Folders that may be about to be removed from this disk, and whose name is wanted by then. */
  readonly inTheWay = new Set<NodeId>();
  /** Folders on their way to where the vault has them, so that another can go there. */
  readonly returning = new Set<NodeId>();
  readonly #visits = new Map<NodeId, 'running' | 'done'>();
  readonly #stack: NodeId[] = [];
  #nested = 0;
  readonly #bringing = new Set<NodeId>();
  readonly #stories = new Map<NodeId, CopyOf>();
  readonly #reading = new Set<NodeId>();
  readonly #drafts = new TiedDrafts();
  readonly #rules: PlanRules;
  readonly #budget: number;

  constructor(trees: ThreeTrees, context: PlanContext, { rules, budget }: { rules: PlanRules; budget: number }) {
    this.trees = trees;
    this.context = context;
    this.newFiles = new NewFiles(context.epoch);
    this.local = new LocalOverlay(trees.local, context.traits);
    this.remote = new Overlay(trees.remote);
    this.#rules = rules;
    this.#budget = budget;
  }

  /** Whether the plan is long enough; the rest of the nodes is for the next one. */
  get isFull(): boolean {
    return this.operations.length + this.#drafts.length >= this.#budget;
  }

  /** Runs the node's visit unless it ran; says 'running' where it is under way further up (a cycle). */
  visit(id: NodeId): 'running' | 'done' {
    const known = this.#visits.get(id);
    if (known !== undefined) return known;
    if (id === rootId) return 'done';
    this.#nested += 1;
    this.#visitRow(this.#nested > nestedMax ? this.#rowFrom(id) : [id]);
    this.#nested -= 1;
    return 'done';
  }

  /** The node, who stands where it goes, who stands where that goes, and so on, as far as they were not visited. */
  #rowFrom(id: NodeId): NodeId[] {
    const row = new Set<NodeId>();
    for (
      let at: NodeId | undefined = id;
      at !== undefined && !this.#visits.has(at) && !row.has(at);
      at = this.#rules.findOccupant(this, at)
    )
      row.add(at);
    return [...row];
  }

  /**
   * Visits each as if the one before it had asked for that, but the last one first: numbered files that all take the next one's
   * name make a row of thousands.
   */
  #visitRow(row: readonly NodeId[]): void {
    for (const id of row) {
      this.#visits.set(id, 'running');
      this.#stack.push(id);
    }
    for (const id of row.toReversed()) {
      this.#rules.visit(this, id);
      this.#stack.pop();
      this.#visits.set(id, 'done');
    }
  }

  /** Whether the node's visit is under way further up. */
  isVisiting(id: NodeId): boolean {
    return this.#visits.get(id) === 'running';
  }

  /** Whether the visit of something that stands below the folder here is under way further up. */
  isVisitedFromBelow(folder: NodeId): boolean {
    return this.#stack.some((id) => {
      for (let at = this.local.find(id); at !== undefined; at = this.local.find(at.state.parent))
        if (at.state.parent === folder) return true;
      return false;
    });
  }

  /** Makes an absent node on this disk, as the vault has it; nothing where that is under way further up. */
  bring(remote: VersionedNode): void {
    if (this.#bringing.has(remote.id)) return;
    this.#bringing.add(remote.id);
    this.#rules.bring(this, remote);
    this.#bringing.delete(remote.id);
  }

  /** Reads the local file before anything else is decided about it. */
  read(node: NodeId, how: Extract<Operation, { do: 'read' }>['how'], epoch: number): void {
    this.#reading.add(node);
    this.operations.push({ do: 'read', node, how, epoch });
  }

  /**
   * Whether a new file is, or may turn out to be, the one that vanished from here, moved. What is known to hold the same is planned
   * first; what nobody has read yet is read first, and waited for where it can't be read: what can't be opened is not deleted.
   */
  mayBeMoved({ id, state }: VersionedNode): boolean {
    if (state.kind !== 'file' || this.isForked(id)) return false;
    for (const node of this.newFiles.holding(state.content)) this.visit(node);
    if (this.local.find(id) !== undefined) return true;
    // One that was found to be another vanished one is new no more.
    const unread = this.newFiles.unreadLike(state.content).filter(({ id: node }) => this.local.find(node) !== undefined);
    for (const { id: node, content } of unread) {
      const epoch = this.newFiles.nextEpoch(state.content.sizeBytes, content) ?? state.content.epoch;
      if (!this.#reading.has(node)) this.read(node, 'hash', epoch);
    }
    return unread.length > 0 || (state.content.sizeBytes > 0 && this.context.isAnyUnreadable(state.content.sizeBytes));
  }

  /**
   * Whether what this disk had of it goes on as a conflict copy, and what the vault has of it was not brought yet: then it is not here,
   * and nobody removed it, nor moved it elsewhere.
   */
  isForked(node: NodeId): boolean {
    const { base, remote } = this.trees;
    return this.context.isCopied(node) && base.find(node)?.version !== remote.find(node)?.version;
  }

  /** Story of a local node that is a conflict copy not yet published, be it by a step of this very plan. */
  copyOf(node: NodeId): CopyOf | undefined {
    return this.#stories.get(node) ?? this.context.copyOf(node);
  }

  /** From now on the node is such a copy. */
  tell(node: NodeId, copy: CopyOf): void {
    this.#stories.set(node, copy);
  }

  /** Publishes a change after all that was drafted before. */
  draft(draft: Draft): void {
    this.#drafts.add(draft);
  }

  /** All nodes whose visits run since `id`'s began wait for each other: their drafts hold together. */
  tieSince(id: NodeId): void {
    const from = this.#stack.lastIndexOf(id);
    if (from >= 0) this.#drafts.tie(this.#stack.slice(from));
  }

  wait(id: NodeId): void {
    this.waiting.add(id);
  }

  hold(node: NodeId, reason: string, code?: Extract<Operation, { do: 'hold' }>['code']): void {
    this.held.add(node);
    this.operations.push({ do: 'hold', node, code, reason });
  }

  /** Whether a sibling of that name stands, or will stand, on this disk or in the vault. */
  isTaken(parent: NodeId, name: NodeName): boolean {
    const isTakenHere = this.local.childNamed(parent, name) !== undefined || this.local.childShown(parent, name) !== undefined;
    return isTakenHere || this.remote.childNamed(parent, name) !== undefined;
  }

  /** The drafts as groups: tied ones together; none of them where one could not be drafted. */
  groups(): Draft[][] {
    return this.#drafts.groups(this.trees.remote, this.remote);
  }
}
