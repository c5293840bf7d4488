import type { NodeId } from '../model/ids.ts';
import type { Place } from '../model/node.ts';
import type { NodeName } from '../model/name.ts';
import type { TreeReader } from '../model/trees.ts';

interface Placed {
  readonly id: NodeId;
  readonly state: Place;
}

/**
 * A tree as it will be once the steps planned so far are done. Holds only what differs, so planning a few nodes costs
 * as much as those nodes, whatever the size of the tree.
 */
export class Overlay<Node extends Placed> implements TreeReader<Node> {
  readonly #under: TreeReader<Node>;
  readonly #changed = new Map<NodeId, Node | undefined>();
  readonly #byPlace = new Map<string, NodeId>();
  readonly #placedIn = new Map<NodeId, Set<NodeId>>();
  readonly #aliases = new Map<NodeId, NodeId>();
  readonly #aliasOf = new Map<NodeId, NodeId[]>();

  constructor(under: TreeReader<Node>) {
    this.#under = under;
  }

  find(id: NodeId): Node | undefined {
    if (this.#changed.has(id)) return this.#changed.get(id);
    const node = this.#under.find(id);
    return node === undefined ? undefined : this.canonical(node);
  }

  childNamed(parent: NodeId, name: NodeName): Node | undefined {
    const placed = this.#byPlace.get(placeKey(parent, name));
    if (placed !== undefined) return this.find(placed);
    for (const folder of this.namesOf(parent)) {
      const node = this.#under.childNamed(folder, name);
      if (node !== undefined && !this.#changed.has(node.id)) return this.canonical(node);
    }
    return undefined;
  }

  hasChildren(parent: NodeId): boolean {
    if ((this.#placedIn.get(parent)?.size ?? 0) > 0) return true;
    return this.#untouchedChildren(parent, undefined, 1).length > 0;
  }

  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly Node[] {
    const children = [...this.#untouchedChildren(parent, after, limit)];
    for (const id of this.#placedIn.get(parent) ?? []) {
      const node = this.find(id);
      if (node !== undefined && (after === undefined || node.state.name > after)) children.push(node);
    }
    return children.toSorted((a, b) => (a.state.name < b.state.name ? -1 : 1)).slice(0, limit);
  }

  write(node: Node): void {
    this.erase(node.id);
    this.#changed.set(node.id, node);
    this.#byPlace.set(placeKey(node.state.parent, node.state.name), node.id);
    const siblings = this.#placedIn.get(node.state.parent);
    if (siblings === undefined) this.#placedIn.set(node.state.parent, new Set([node.id]));
    else siblings.add(node.id);
  }

  erase(id: NodeId): void {
    const old = this.#changed.get(id);
    if (old !== undefined) {
      const key = placeKey(old.state.parent, old.state.name);
      if (this.#byPlace.get(key) === id) this.#byPlace.delete(key);
      this.#placedIn.get(old.state.parent)?.delete(id);
    }
    this.#changed.set(id, undefined);
  }

  /** Whether what is below no longer says how the node is. */
  protected isChanged(id: NodeId): boolean {
    return this.#changed.has(id);
  }

  /** From now on `from` is called `to`: its children stand under that id. */
  rename(from: NodeId, to: Node): void {
    this.erase(from);
    this.write(to);
    this.#aliases.set(from, to.id);
    this.#aliasOf.set(to.id, [...(this.#aliasOf.get(to.id) ?? []), from]);
  }

  protected namesOf(parent: NodeId): readonly NodeId[] {
    return [parent, ...(this.#aliasOf.get(parent) ?? [])];
  }

  protected canonical(node: Node): Node {
    const parent = this.#aliases.get(node.state.parent);
    return parent === undefined ? node : { ...node, state: { ...node.state, parent } };
  }

  #untouchedChildren(parent: NodeId, after: NodeName | undefined, limit: number): readonly Node[] {
    const found: Node[] = [];
    for (const folder of this.namesOf(parent)) {
      let last = after;
      for (;;) {
        const page = this.#under.childrenOf(folder, last, Math.max(limit, 16));
        for (const node of page) if (!this.#changed.has(node.id)) found.push(this.canonical(node));
        last = page.at(-1)?.state.name;
        if (last === undefined || found.length >= limit) break;
      }
    }
    return found.slice(0, limit);
  }
}

function placeKey(parent: NodeId, name: NodeName): string {
  return `${parent}/${name}`;
}
