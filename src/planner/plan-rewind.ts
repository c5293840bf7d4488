/**
 * What makes a folder be what it was at a moment. Pure. What was in it then is there again under its old identity: put back,
 * moved back, with its old content; what came since goes. Nothing outside of the folder is touched: what was moved out of
 * it comes back as a copy. Memory: one number for each folder met, and the steps.
 */
import { rootId, type NodeId, type Version } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { sameContent, samePlace, type NodeState, type VersionedNode } from '../model/node.ts';
import type { PastReader } from '../model/past.ts';
import { isMade, type Moment } from './moment.ts';
import { childrenAt, childrenNow, stateAt } from './past-tree.ts';

/** A change of one node; `upon` is its version now. */
export type RewindStep =
  | {
      readonly do: 'put';
      readonly node: NodeId;
      readonly upon: Version | undefined;
      readonly state: NodeState;
      /** Whether the node stays at its place. */
      readonly isInPlace: boolean;
    }
  | { readonly do: 'move'; readonly node: NodeId; readonly upon: Version; readonly state: NodeState }
  | { readonly do: 'remove'; readonly node: NodeId; readonly upon: Version; readonly state: NodeState };

export interface Rewinding {
  /** The folder as it is in the tree. */
  readonly folder: NodeId;
  /** The folder whose content of that time it shall have: mostly itself. */
  readonly from: NodeId;
  readonly moment: Moment;
  /** A fresh identity, for a copy. */
  readonly newNode: () => NodeId;
}

/** The steps in the order: folders before what is put into them, then what goes, deepest first. */
export function planRewind(past: PastReader, rewinding: Rewinding): RewindStep[] {
  const plan = new RewindPlan(past, rewinding);
  plan.bringBack(rewinding.from, rewinding.folder, 0);
  plan.takeAway(rewinding.folder, 0);
  return plan.steps;
}

class RewindPlan {
  readonly steps: RewindStep[] = [];
  readonly #past: PastReader;
  readonly #rewinding: Rewinding;
  /** Folders of the tree as it is: whether they are in the folder. */
  readonly #inNow: Map<NodeId, boolean>;
  /** Folders of the tree as it was. */
  readonly #inThen: Map<NodeId, boolean>;
  /** What stands for something that is gone, or elsewhere now. */
  readonly #standIns = new Set<NodeId>();

  constructor(past: PastReader, rewinding: Rewinding) {
    this.#past = past;
    this.#rewinding = rewinding;
    this.#inNow = new Map([
      [rootId, false],
      [rewinding.folder, true],
    ]);
    this.#inThen = new Map([
      [rootId, false],
      [rewinding.from, true],
    ]);
  }

  /** Everything that stood in `then` shall stand in `parent`. */
  bringBack(then: NodeId, parent: NodeId, depth: number): void {
    if (depth > limits.depthMax * 2) return;
    for (const child of childrenAt(this.#past, then, this.#rewinding.moment)) {
      const now = this.#past.current.find(child.id);
      const isIn = now !== undefined && this.#isIn(this.#inNow, now.state.parent, findNow(this.#past));
      const state = { ...child.state, parent };
      const fresh = (): NodeId => (now === undefined ? child.id : this.#rewinding.newNode());
      const node = isIn ? child.id : (this.#findStandIn(state) ?? fresh());
      if (!this.#standIns.has(node)) this.#stepTo(node, isIn ? now : undefined, state);
      if (child.state.kind === 'folder') this.bringBack(child.id, node, depth + 1);
    }
  }

  /** Whatever stands in the folder now and did not then. */
  takeAway(folder: NodeId, depth: number): void {
    if (depth > limits.depthMax * 2) return;
    for (const { id, version, state } of childrenNow(this.#past, folder)) {
      if (state.kind === 'folder') this.takeAway(id, depth + 1);
      if (!this.#standIns.has(id) && !this.#wasIn({ id, version, state }))
        this.steps.push({ do: 'remove', node: id, upon: version, state });
    }
  }

  /** An equal item that came since to the very place will do. */
  #findStandIn(state: NodeState): NodeId | undefined {
    const there = this.#past.current.childNamed(state.parent, state.name);
    if (there === undefined || !hasSamePayload(there.state, state) || this.#wasIn(there)) return undefined;
    this.#standIns.add(there.id);
    return there.id;
  }

  #stepTo(node: NodeId, now: VersionedNode | undefined, state: NodeState): void {
    if (now === undefined) {
      this.steps.push({ do: 'put', node, upon: undefined, state, isInPlace: false });
      return;
    }
    const isInPlace = samePlace(now.state, state);
    if (!hasSamePayload(now.state, state)) this.steps.push({ do: 'put', node, upon: now.version, state, isInPlace });
    else if (!isInPlace) this.steps.push({ do: 'move', node, upon: now.version, state });
  }

  #wasIn(now: VersionedNode): boolean {
    const { moment } = this.#rewinding;
    const then = isMade(this.#past, now.version, moment) ? now : stateAt(this.#past, now.id, moment);
    return then !== undefined && this.#isIn(this.#inThen, then.state.parent, (id) => stateAt(this.#past, id, moment));
  }

  /** Whether the folder is the one, or below it; remembered for all folders on the way. */
  #isIn(known: Map<NodeId, boolean>, folder: NodeId, find: (id: NodeId) => VersionedNode | undefined): boolean {
    const way: NodeId[] = [];
    let at: NodeId | undefined = folder;
    while (at !== undefined && !known.has(at) && way.length <= limits.depthMax * 2) {
      way.push(at);
      at = find(at)?.state.parent;
    }
    const isIn = at !== undefined && known.get(at) === true;
    for (const id of way) known.set(id, isIn);
    return isIn;
  }
}

function findNow(past: PastReader): (id: NodeId) => VersionedNode | undefined {
  return (id) => past.current.find(id);
}

function hasSamePayload(a: NodeState, b: NodeState): boolean {
  if (a.kind === 'file' && b.kind === 'file')
    return sameContent(a.content, b.content) && a.mtimeUs === b.mtimeUs && a.executable === b.executable && a.fromOutside === b.fromOutside;
  if (a.kind === 'link' && b.kind === 'link') return a.target === b.target && a.mtimeUs === b.mtimeUs;
  return a.kind === b.kind;
}
