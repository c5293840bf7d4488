/** What a folder shows, under the names that the vault has: not every disk can hold those. */
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { LocalNode } from '../../src/model/node.ts';
import { isMarkOf } from '../../src/model/shown-name.ts';
import type { Personality } from '../world/fake-disk/personality.ts';
import type { Seen } from '../world/fake-disk/user-hands.ts';
import type { SimDevice } from './sim-device.ts';

/** An item of a folder, and the node that it is. */
export interface TrueItem extends Seen {
  readonly node: NodeId | undefined;
}

/** Path in the vault → item. Throws where an item is shown under a name that has nothing to do with its own. */
export function trueTree({ name: device, index, user, disk }: SimDevice): Map<string, TrueItem> {
  const known = new Map<string, { readonly id: NodeId | undefined; readonly path: string }>([['', { id: rootId, path: '' }]]);
  const found = new Map<string, TrueItem>();
  // Folders come before what is in them: each path begins with that of its folder.
  for (const [shownPath, seen] of user.tree()) {
    const cut = shownPath.lastIndexOf('/');
    const shown = shownPath.slice(cut + 1);
    const above = known.get(shownPath.slice(0, Math.max(0, cut)));
    const row = above?.id === undefined ? undefined : index.local.childShown(above.id, shown as NodeName);
    if (row !== undefined && !isHonest(row, shown, disk.kernel.personality, index.traits.current))
      throw new Error(`${device} shows ${row.state.name} as ${shown}`);
    const path = join(above?.path ?? '', row?.state.name ?? shown);
    known.set(shownPath, { id: row?.id, path });
    found.set(path, { ...seen, node: row?.id });
  }
  return found;
}

function isHonest(
  { state: { name } }: LocalNode,
  shown: string,
  { unicode }: Personality,
  traits: Parameters<typeof isMarkOf>[2],
): boolean {
  if (name === shown || isMarkOf(shown, name, traits)) return true;
  return unicode === 'nfd' && name.normalize('NFC') === shown.normalize('NFC');
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
