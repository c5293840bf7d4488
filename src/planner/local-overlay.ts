import type { DiskTraits } from '../model/disk-traits.ts';
import type { NodeId } from '../model/ids.ts';
import type { NodeName } from '../model/name.ts';
import { shownOf, type LocalNode } from '../model/node.ts';
import { nameKey } from '../model/shown-name.ts';
import type { LocalReader } from '../model/trees.ts';
import { Overlay } from './overlay.ts';

/** The local tree as it will be, with the names on the disk as they will be. */
export class LocalOverlay extends Overlay<LocalNode> implements LocalReader {
  readonly #under: LocalReader;
  readonly #traits: DiskTraits;
  readonly #byKey = new Map<string, NodeId>();

  constructor(under: LocalReader, traits: DiskTraits) {
    super(under);
    this.#under = under;
    this.#traits = traits;
  }

  childShown(parent: NodeId, shown: NodeName): LocalNode | undefined {
    const placed = this.#byKey.get(this.#keyOf(parent, shown));
    if (placed !== undefined) return this.find(placed);
    for (const folder of this.namesOf(parent)) {
      const node = this.#under.childShown(folder, shown);
      if (node !== undefined && !this.isChanged(node.id)) return this.canonical(node);
    }
    return undefined;
  }

  override write(node: LocalNode): void {
    super.write(node);
    this.#byKey.set(this.#keyOf(node.state.parent, shownOf(node)), node.id);
  }

  override erase(id: NodeId): void {
    const old = this.isChanged(id) ? this.find(id) : undefined;
    if (old !== undefined) {
      const key = this.#keyOf(old.state.parent, shownOf(old));
      if (this.#byKey.get(key) === id) this.#byKey.delete(key);
    }
    super.erase(id);
  }

  #keyOf(parent: NodeId, shown: NodeName): string {
    return `${parent}/${nameKey(shown, this.#traits)}`;
  }
}
