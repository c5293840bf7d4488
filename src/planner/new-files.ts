import type { NodeId } from '../model/ids.ts';
import type { ContentRef, LocalNode } from '../model/node.ts';

/** Files that are new on this disk: any of them may turn out to be one that vanished from it, moved. */
export class NewFiles {
  readonly #unread = new Map<number, NodeId[]>();
  readonly #read = new Map<string, NodeId[]>();
  readonly #vanished = new Map<number, number>();

  /** Anything but a file with something in it is left out: nothing tells that it is one that vanished. */
  add({ id, state }: LocalNode): void {
    if (state.kind !== 'file' || state.sizeBytes === 0) return;
    if (state.content === undefined) addTo(this.#unread, state.sizeBytes, id);
    else addTo(this.#read, state.content.id, id);
  }

  /** A file that vanished from here, as it was. */
  addVanished({ epoch, sizeBytes }: ContentRef): void {
    if (sizeBytes > 0) this.#vanished.set(sizeBytes, epoch);
  }

  /** The epoch in whose terms a new file of that size may be found to be one that vanished. */
  epochOfVanished(sizeBytes: number): number | undefined {
    return this.#vanished.get(sizeBytes);
  }

  get isNone(): boolean {
    return this.#unread.size + this.#read.size === 0;
  }

  /** Those that are known to hold the content. */
  holding({ id }: ContentRef): readonly NodeId[] {
    return this.#read.get(id) ?? [];
  }

  /** Those that have not been read and may hold it. */
  unreadLike({ sizeBytes }: ContentRef): readonly NodeId[] {
    return this.#unread.get(sizeBytes) ?? [];
  }
}

function addTo<Key>(map: Map<Key, NodeId[]>, key: Key, id: NodeId): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [id]);
  else known.push(id);
}
