import type { NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { Place } from '../../src/model/node.ts';
import type { TreeReader } from '../../src/model/trees.ts';

interface Placed {
  readonly id: NodeId;
  readonly state: Place;
}

/** A tree in memory, with the same face as the index's. */
export class MemoryTree<Node extends Placed> implements TreeReader<Node> {
  readonly nodes = new Map<NodeId, Node>();

  find(id: NodeId): Node | undefined {
    return this.nodes.get(id);
  }

  childNamed(parent: NodeId, name: NodeName): Node | undefined {
    return [...this.nodes.values()].find(({ state }) => state.parent === parent && state.name === name);
  }

  hasChildren(parent: NodeId): boolean {
    return [...this.nodes.values()].some(({ state }) => state.parent === parent);
  }

  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly Node[] {
    return [...this.nodes.values()]
      .filter(({ state }) => state.parent === parent && (after === undefined || state.name > after))
      .toSorted((a, b) => (a.state.name < b.state.name ? -1 : 1))
      .slice(0, limit);
  }

  write(node: Node): void {
    this.nodes.set(node.id, node);
  }

  erase(id: NodeId): void {
    this.nodes.delete(id);
  }
}
