import type { ListOptions, ListPage, Store } from '../../store/store.ts';

/**
 * The store as if its journal held exactly these entries (names in byte order): a listing may miss some that are there, or
 * show what another device has just added, and neither says anything about what was folded from those that are known.
 */
export function withKnownEntries(store: Store, names: readonly string[]): Store {
  return {
    label: store.label,
    get: (name, options) => store.get(name, options),
    putNew: (name, parts, options) => store.putNew(name, parts, options),
    list: (prefix, options) => Promise.resolve(pageOf(names, prefix, options)),
    delete: (name, options) => store.delete(name, options),
    putHint: (bytes, options) => store.putHint(bytes, options),
    getHint: (tag, options) => store.getHint(tag, options),
    close: () => store.close(),
  };
}

function pageOf(names: readonly string[], prefix: string, { after = '', limit }: ListOptions): ListPage {
  let [start, end] = [0, names.length];
  while (start < end) {
    const middle = (start + end) >>> 1;
    if ((names[middle] ?? '') > after) end = middle;
    else start = middle + 1;
  }
  const page = names.slice(start, start + limit);
  return { names: page.filter((name) => name.startsWith(prefix)), more: start + limit < names.length };
}
