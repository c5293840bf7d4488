import type { NodeId } from '../model/ids.ts';
import type { ContentRef, LocalNode } from '../model/node.ts';

/** A new file, and what is known of it. */
export interface NewFile {
  readonly id: NodeId;
  /** Undefined: nobody has read it. */
  readonly content: ContentRef | undefined;
}

/**
 * Files that are new on this disk: any of them may turn out to be one that vanished from it, moved. Of those that are planned together:
 * where more than a few are gone, the brake has had all of them read before (engine/brake/mass-change-doubts.ts).
 */
export class NewFiles {
  readonly #presentEpoch: number;
  readonly #bySize = new Map<number, NewFile[]>();
  readonly #byContent = new Map<string, NodeId[]>();
  /** By the sizes of files that vanished: the epochs in whose terms those of that size are known. */
  readonly #vanished = new Map<number, Set<number>>();

  constructor(presentEpoch: number) {
    this.#presentEpoch = presentEpoch;
  }

  /** Anything but a file with something in it is left out: nothing tells that it is one that vanished. */
  add({ id, state }: LocalNode): void {
    if (state.kind !== 'file' || state.sizeBytes === 0) return;
    addTo(this.#bySize, state.sizeBytes, { id, content: state.content });
    if (state.content !== undefined) addTo(this.#byContent, state.content.id, id);
  }

  /** A file that vanished from here, as it was. */
  addVanished({ epoch, sizeBytes }: ContentRef): void {
    if (sizeBytes === 0) return;
    const known = this.#vanished.get(sizeBytes);
    if (known === undefined) this.#vanished.set(sizeBytes, new Set([epoch]));
    else known.add(epoch);
  }

  /**
   * The next epoch, if any, in whose terms a new file of that size may be found to be one that vanished. Epochs of one size are tried one
   * after the other, the present one last: the file is stored by that.
   */
  nextEpoch(sizeBytes: number, content: ContentRef | undefined): number | undefined {
    const epochs = this.#epochsOf(sizeBytes);
    const tried = content === undefined ? -1 : epochs.indexOf(content.epoch);
    return content !== undefined && tried < 0 ? undefined : epochs[tried + 1];
  }

  get isNone(): boolean {
    return this.#bySize.size === 0;
  }

  /** Those that are known to hold the content. */
  holding({ id }: ContentRef): readonly NodeId[] {
    return this.#byContent.get(id) ?? [];
  }

  /** Those that may hold it, and were not read in its terms yet. */
  unreadLike({ epoch, sizeBytes }: ContentRef): readonly NewFile[] {
    const epochs = this.#epochsOf(sizeBytes);
    const isUntried = ({ content }: NewFile): boolean => {
      if (content === undefined) return true;
      const tried = epochs.indexOf(content.epoch);
      return tried >= 0 && tried < epochs.indexOf(epoch);
    };
    return (this.#bySize.get(sizeBytes) ?? []).filter(isUntried);
  }

  #epochsOf(sizeBytes: number): readonly number[] {
    const isPresent = (epoch: number): number => Number(epoch === this.#presentEpoch);
    return [...(this.#vanished.get(sizeBytes) ?? [])].toSorted((a, b) => isPresent(a) - isPresent(b) || a - b);
  }
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
