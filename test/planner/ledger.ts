import type { ActSource, Witness } from './person.ts';
import type { DiskItem } from './planner-disk.ts';

/** Contents that nobody overwrote or deleted while seeing them: each must be in the tree in the end. */
export class Ledger implements Witness, ActSource {
  readonly names = ['a', 'b', 'c', 'd.txt', 'e.txt'];
  readonly mustLive = new Set<string>();
  #count = 0;

  text(): string {
    this.#count += 1;
    return `content ${this.#count}`;
  }

  wrote({ kind, text }: DiskItem): void {
    if (kind !== 'folder') this.mustLive.add(text);
  }

  ended({ text }: DiskItem): void {
    this.mustLive.delete(text);
  }
}
