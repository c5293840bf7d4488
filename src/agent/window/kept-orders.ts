import type { NamedItem } from '../../index/nodes/vault-folders.ts';
import { compareNames, orderedMax } from '../show/name-order.ts';

interface KeptOrder {
  readonly state: string;
  /** Some MB for a large folder: nobody needs them once the window is closed, so the collector may have them. */
  readonly items: WeakRef<readonly NamedItem[]> | 'too many';
}

/** What is in a folder, put in order once for each state of the tree: by the next page, nothing of it has changed as a rule. */
export class KeptOrders {
  readonly #kept = new Map<string, KeptOrder>();

  /** `key`: of what `read` gives. `state`: another text for another tree. undefined where there is too much to be put in order. */
  inOrder(key: string, state: string, read: (limit: number) => readonly NamedItem[]): readonly NamedItem[] | undefined {
    const known = this.#kept.get(key);
    if (known?.state === state) {
      const items = known.items === 'too many' ? undefined : known.items.deref();
      if (items !== undefined || known.items === 'too many') return items;
    }
    const all = read(orderedMax + 1);
    const ordered = all.length > orderedMax ? undefined : all.toSorted((one, other) => compareNames(one.name, other.name));
    for (const [each, { items }] of this.#kept) if (items !== 'too many' && items.deref() === undefined) this.#kept.delete(each);
    this.#kept.set(key, { state, items: ordered === undefined ? 'too many' : new WeakRef(ordered) });
    return ordered;
  }
}
