/** All small trees, and all that a person can do to one in a single step. */
import type { Act } from './person.ts';
import type { ReferenceItem, ReferenceTree } from './reference-merge.ts';

const names = ['a', 'b', 'c'];

/** Every tree of up to `nodes` files and folders under three names, two levels deep; of those that differ only in names, one. */
export function smallTrees(nodes: number): ReferenceTree[] {
  const found = new Map<string, ReferenceTree>();
  const grow = (tree: ReferenceTree): void => {
    const key = shape(tree);
    if (found.has(key)) return;
    found.set(key, tree);
    if (tree.size >= nodes) return;
    for (const parent of ['', ...[...tree.values()].filter((item) => item.kind === 'folder' && item.parent === '').map(({ id }) => id)]) {
      for (const name of names) {
        if ([...tree.values()].some((item) => item.parent === parent && item.name === name)) continue;
        for (const kind of ['file', 'folder'] as const) grow(new Map([...tree, newItem(tree.size, { parent, name, kind })]));
      }
    }
  };
  grow(new Map());
  return [...found.values()];
}

function newItem(count: number, { parent, name, kind }: Pick<ReferenceItem, 'parent' | 'name' | 'kind'>): [string, ReferenceItem] {
  const id = `base ${count}`;
  return [id, { id, parent, name, kind, text: kind === 'folder' ? '' : `text ${count}` }];
}

/** The same for trees that differ only in names. */
function shape(tree: ReferenceTree): string {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const shapes = orders.map((order) => {
    const path = (item: ReferenceItem): string => {
      const above = tree.get(item.parent);
      return `${above === undefined ? '' : path(above)}/${order[names.indexOf(item.name)] ?? '?'}`;
    };
    return [...tree.values()]
      .map((item) => path(item) + item.kind)
      .toSorted()
      .join(' ');
  });
  return shapes.toSorted()[0] ?? '';
}

/** Everything that one person can do to the tree. `mine` is a content that nobody else writes. */
export function allActs(tree: ReferenceTree, mine: string): Act[] {
  const paths = [...tree.values()].map((item) => pathOf(tree, item));
  const folders = [...tree.values()].filter(({ kind }) => kind === 'folder').map((item) => `${pathOf(tree, item)}/`);
  const places = ['', ...folders].flatMap((folder) => names.map((name) => folder + name));
  const acts: Act[] = [];
  for (const at of places.filter((place) => !paths.includes(place))) {
    acts.push(
      { do: 'make', at, kind: 'file', text: mine },
      { do: 'make', at, kind: 'file', text: 'same' },
      { do: 'make', at, kind: 'folder', text: '' },
    );
  }
  for (const item of tree.values()) acts.push(...actsUpon(tree, item, { places, mine }));
  return acts;
}

function actsUpon(tree: ReferenceTree, item: ReferenceItem, { places, mine }: { places: readonly string[]; mine: string }): Act[] {
  const at = pathOf(tree, item);
  const acts: Act[] = [{ do: 'remove', at }];
  if (item.kind === 'file')
    acts.push({ do: 'edit', at, text: mine }, { do: 'edit', at, text: 'same' }, { do: 'swap-kind', at, kind: 'folder', text: '' });
  else acts.push({ do: 'swap-kind', at, kind: 'file', text: mine });
  const isUnderName = [...tree.values()].some(({ parent, name }) => parent === item.id && name === item.name);
  if (item.kind === 'folder' && item.parent !== '' && !isUnderName) acts.push({ do: 'flip', at });
  const isApart = (other: string): boolean => !`${other}/`.startsWith(`${at}/`) && !`${at}/`.startsWith(`${other}/`);
  const paths = new Set([...tree.values()].map((other) => pathOf(tree, other)));
  for (const to of places) {
    if (isApart(to)) acts.push({ do: 'move', at, to });
    if (isApart(to) && item.kind === 'file' && !paths.has(to)) acts.push({ do: 'carry', at, to });
  }
  for (const other of tree.values()) {
    const to = pathOf(tree, other);
    if (at < to && isApart(to)) acts.push({ do: 'swap', at, to });
  }
  return acts;
}

export function pathOf(tree: ReferenceTree, item: ReferenceItem): string {
  const above = tree.get(item.parent);
  return above === undefined ? item.name : `${pathOf(tree, above)}/${item.name}`;
}
