import type { NodeId } from '../model/ids.ts';
import type { NodeRecord } from './node-record.ts';

/** Records in one generation; about 1.5 kB each with a file in all three trees. */
const generationMax = 8192;

/** Records used lately, in two generations: what was not used while one filled up goes. */
export class NodeCache {
  #young = new Map<NodeId, NodeRecord>();
  #old = new Map<NodeId, NodeRecord>();

  get(id: NodeId): NodeRecord | undefined {
    const young = this.#young.get(id);
    if (young !== undefined) return young;
    const old = this.#old.get(id);
    if (old !== undefined) this.set(id, old);
    return old;
  }

  set(id: NodeId, record: NodeRecord): void {
    if (this.#young.size >= generationMax && !this.#young.has(id)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(id, record);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
