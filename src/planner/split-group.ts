/** Changes that hold together and are too many for one entry: in an order in which each holds by itself. */
import { rootId, type NodeId } from '../model/ids.ts';
import type { NodeName } from '../model/name.ts';
import type { Place, VersionedNode } from '../model/node.ts';
import type { TreeReader } from '../model/trees.ts';
import type { Draft } from './operation.ts';
import { Overlay } from './overlay.ts';

/** The vault's tree, and how a node is called there that has to leave its place for a while. */
export interface SplitContext {
  readonly remote: TreeReader<VersionedNode>;
  passingName(place: Place, isTaken: (name: NodeName) => boolean): NodeName;
}

/**
 * The drafts of one group, each for itself. Where they go round in a ring (numbered files that all take the next one's
 * name), or a new folder takes the name of one that what goes into it has to leave first, one node goes to a passing name;
 * its own draft is left out then, and drafted again when that is published. Undefined where that does not help.
 */
export function splitGroup(drafts: readonly Draft[], context: SplitContext): Draft[] | undefined {
  const split = new Splitting(drafts, context);
  while (split.runs()) if (!split.stepAside()) return undefined;
  return split.done;
}

class Splitting {
  readonly done: Draft[] = [];
  readonly #tree: Overlay<VersionedNode>;
  readonly #context: SplitContext;
  readonly #left: Map<NodeId, Draft>;
  /** Who wants a place, by that place. */
  readonly #wanted = new Map<string, NodeId>();

  constructor(drafts: readonly Draft[], context: SplitContext) {
    this.#context = context;
    this.#tree = new Overlay(context.remote);
    this.#left = new Map(drafts.map((draft) => [draft.node, draft]));
    for (const draft of drafts) if (draft.do !== 'remove') this.#wanted.set(keyOf(placeOf(draft)), draft.node);
  }

  /** Makes all changes that can be made now; whether some are left. */
  runs(): boolean {
    for (let count = -1; count !== this.#left.size;) {
      count = this.#left.size;
      // Each that leaves its place lets in who waits for that.
      for (const draft of this.#left.values()) for (let at: Draft | undefined = draft; at !== undefined;) at = this.#make(at);
    }
    return this.#left.size > 0;
  }

  /** Takes one node out of the way of another one. Whether there is one. */
  stepAside(): boolean {
    for (const draft of this.#left.values()) {
      const node = this.#tree.find(draft.node);
      const waiting = node === undefined ? undefined : this.#wanted.get(keyOf(node.state));
      if (node === undefined || waiting === undefined || waiting === node.id || !this.#left.has(waiting)) continue;
      const { parent } = node.state;
      const isTaken = (name: NodeName): boolean =>
        this.#tree.childNamed(parent, name) !== undefined || this.#wanted.has(keyOf({ parent, name }));
      const place = { parent, name: this.#context.passingName(node.state, isTaken) };
      this.#left.delete(node.id);
      if (draft.do !== 'remove') this.#wanted.delete(keyOf(placeOf(draft)));
      this.#tree.write({ ...node, state: { ...node.state, ...place } });
      this.done.push({ do: 'move', node: node.id, place });
      return true;
    }
    return false;
  }

  /** Makes the change, if that can be; gives who waits for the place that is free then. */
  #make(draft: Draft): Draft | undefined {
    const before = this.#tree.find(draft.node);
    if (!this.#left.has(draft.node) || !this.#fits(draft)) return undefined;
    this.#left.delete(draft.node);
    this.done.push(draft);
    if (draft.do === 'remove') this.#tree.erase(draft.node);
    else if (draft.do === 'put')
      this.#tree.write({ id: draft.node, version: before?.version ?? ('' as VersionedNode['version']), state: draft.state });
    else if (before !== undefined) this.#tree.write({ ...before, state: { ...before.state, ...draft.place } });
    const next = before === undefined ? undefined : this.#wanted.get(keyOf(before.state));
    return next === undefined ? undefined : this.#left.get(next);
  }

  #fits(draft: Draft): boolean {
    if (draft.do === 'remove') return !this.#tree.hasChildren(draft.node);
    const { parent, name } = placeOf(draft);
    const there = this.#tree.childNamed(parent, name);
    if (there !== undefined && there.id !== draft.node) return false;
    const seen = new Set<NodeId>();
    for (let at = parent; at !== rootId;) {
      const above = this.#tree.find(at);
      if (above === undefined || at === draft.node || seen.has(at)) return false;
      seen.add(at);
      at = above.state.parent;
    }
    return true;
  }
}

function placeOf(draft: Exclude<Draft, { do: 'remove' }>): Place {
  return draft.do === 'move' ? draft.place : draft.state;
}

function keyOf({ parent, name }: Place): string {
  return `${parent}/${name}`;
}
