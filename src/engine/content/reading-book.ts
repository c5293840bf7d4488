import type { NodeId } from '../../model/ids.ts';
import type { ReadOperation, ReadReport } from './read-files.ts';

/** A file that was written to this often while it was read never rests: it waits for the next pass, and nothing else waits for it. */
const readingsMax = 3;

/** How the files fared that a pass has read, or tried to. */
export class ReadingBook {
  /** How often files were not what they were when they were read. */
  readonly #changed = new Map<NodeId, number>();
  readonly #restless = new Set<NodeId>();
  readonly #unreadable = new Set<NodeId>();

  /** Whether fewer files are worth reading by that for a reason of their own: they can't be read. */
  note(reads: readonly ReadOperation[], { changed, unreadable }: ReadReport): boolean {
    for (const { node } of reads) this.#restless.delete(node);
    for (const node of changed) {
      this.#restless.add(node);
      this.#changed.set(node, (this.#changed.get(node) ?? 0) + 1);
    }
    const known = this.#unreadable.size;
    for (const node of unreadable) this.#unreadable.add(node);
    return this.#unreadable.size > known;
  }

  /** Neither restless nor unreadable, as far as this pass has seen. */
  isWorthReading(node: NodeId): boolean {
    return (this.#changed.get(node) ?? 0) < readingsMax && !this.#unreadable.has(node);
  }

  /** Files that were written to when they were read last. */
  get restless(): readonly NodeId[] {
    return [...this.#restless];
  }
}
