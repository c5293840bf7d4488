/** What an item that a disk shows is called in the vault: its disk may not hold its true name. */
import type { NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import { shownOf, type LocalNode, type LocalPlace } from '../../model/node.ts';
import { findTrueName, isHoldable, isSameSpelling, spellingOf } from '../../model/shown-name.ts';
import { conflictName } from '../../planner/conflict-name.ts';
import type { EngineParts } from '../engine-parts.ts';
import { limboId } from './limbo.ts';

type Parts = Pick<EngineParts, 'index' | 'device' | 'clock'>;

/** The place of an item that is known: under the name that it had here it keeps its true name, under another it was renamed. */
export function placeOfKnown(parts: Parts, row: LocalNode, parent: NodeId, listed: NodeName): LocalPlace {
  const { local, traits } = parts.index;
  const { name } = row.state;
  if (row.state.parent !== limboId && isSameSpelling(listed, shownOf(row), traits.current)) {
    const there = local.childNamed(parent, name);
    if (there === undefined || there.id === row.id) return { parent, name, shown: row.shown };
  }
  return placeOfNew(parts, row.id, parent, listed);
}

/** The place of an item that was not known under that name. */
export function placeOfNew(parts: Parts, id: NodeId, parent: NodeId, listed: NodeName): LocalPlace {
  const { local, traits } = parts.index;
  const isFree = (name: NodeName): boolean => {
    const there = local.childNamed(parent, name);
    return there === undefined || there.id === id;
  };
  const trueName = findMarked(parts, listed);
  if (trueName !== undefined && isFree(trueName)) return { parent, name: trueName, shown: listed };
  const name = spellingOf(listed, traits.current);
  if (isFree(name)) return { parent, name };
  // Somebody made an item with the true name of one that stands here under a marked name.
  const date = new Date(parts.clock.nowMs()).toISOString().slice(0, 10);
  const isTaken = (other: NodeName): boolean => !isFree(other) || local.childShown(parent, other) !== undefined;
  return { parent, name: conflictName(name, { device: parts.device.name, date }, isTaken), shown: listed };
}

/** The true name of a marked one, where the disk needs the mark. One that was cut is for the planner to find (spelling-twin.ts). */
function findMarked({ index }: Parts, listed: NodeName): NodeName | undefined {
  const traits = index.traits.current;
  const name = findTrueName(listed);
  const isNeeded = traits.foldsCase || traits.unicode !== 'kept' || (name !== undefined && !isHoldable(name, traits));
  return isNeeded ? name : undefined;
}
