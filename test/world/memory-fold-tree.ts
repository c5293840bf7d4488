import type { NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { VersionedNode } from '../../src/model/node.ts';
import type { FoldTree } from '../../src/model/trees.ts';

/** The remote tree in memory. Refuses two nodes at one place, as the index does. */
export class MemoryFoldTree implements FoldTree {
  nodes = new Map<NodeId, VersionedNode>();
  #children = new Map<NodeId, Map<NodeName, NodeId>>();

  find(id: NodeId): VersionedNode | undefined {
    return this.nodes.get(id);
  }

  childNamed(parent: NodeId, name: NodeName): VersionedNode | undefined {
    const id = this.#children.get(parent)?.get(name);
    return id === undefined ? undefined : this.nodes.get(id);
  }

  hasChildren(parent: NodeId): boolean {
    return (this.#children.get(parent)?.size ?? 0) > 0;
  }

  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly VersionedNode[] {
    const names = [...(this.#children.get(parent)?.keys() ?? [])].filter((name) => after === undefined || name > after).toSorted();
    return names.slice(0, limit).flatMap((name) => this.childNamed(parent, name) ?? []);
  }

  write(node: VersionedNode): void {
    const { parent, name } = node.state;
    const occupant = this.#children.get(parent)?.get(name);
    if (occupant !== undefined && occupant !== node.id) throw new Error(`two nodes at ${parent}/${name}`);
    this.erase(node.id);
    this.nodes.set(node.id, node);
    const names = this.#children.get(parent) ?? new Map<NodeName, NodeId>();
    this.#children.set(parent, names.set(name, node.id));
  }

  erase(id: NodeId): void {
    const node = this.nodes.get(id);
    if (node === undefined) return;
    this.nodes.delete(id);
    this.#children.get(node.state.parent)?.delete(node.state.name);
  }

  outlive(): void {
    // Nobody asks for former contents here.
  }

  /** For going back to how it was: `restore` takes what this gave. */
  snapshot(): ReadonlyMap<NodeId, VersionedNode> {
    return new Map(this.nodes);
  }

  restore(nodes: ReadonlyMap<NodeId, VersionedNode>): void {
    this.nodes = new Map();
    this.#children = new Map();
    for (const node of nodes.values()) this.write(node);
  }
}
