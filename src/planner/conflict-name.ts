import type { NodeName } from '../model/name.ts';
import type { Place } from '../model/node.ts';
import { deviceMark, markedName, splitExtension } from './marked-name.ts';

/** Whose copy a name is that is to be seen by nobody. */
const passing = 'moving';

/**
 * `name (conflict DEVICE YYYY-MM-DD).ext`, as `markedName` has it. A name that already is a conflict name gets its mark
 * replaced, not a second one, so that names don't grow.
 */
export function conflictName(
  name: NodeName,
  { device, date }: { readonly device: string; readonly date: string },
  isTaken: (name: NodeName) => boolean,
): NodeName {
  return markedName(plainName(name), `conflict ${deviceMark(device)} ${date}`, isTaken);
}

/**
 * Whether somebody wanted it elsewhere. A conflict name in the same folder says only that its own was taken: nobody's wish,
 * and no reason to keep what is removed by who still knew it under its own.
 */
export function isMovedAway(was: Place, now: Place): boolean {
  if (was.parent !== now.parent) return true;
  return was.name !== now.name && (now.name === plainName(now.name) || plainName(was.name) !== plainName(now.name));
}

/** A name that an item bears for the moment only, on its way to its own. */
export function passingName(name: NodeName, date: string, isTaken: (name: NodeName) => boolean): NodeName {
  return conflictName(name, { device: passing, date }, isTaken);
}

/** For an item that is to stay under such a name: the one that it is on the way with, or, where that is taken, a conflict name. */
export function ownName(
  name: NodeName,
  by: { readonly device: string; readonly date: string },
  isTaken: (name: NodeName) => boolean,
): NodeName {
  const plain = plainName(name);
  return isTaken(plain) ? conflictName(name, by, isTaken) : plain;
}

/** Whether the name looks like one of those. A person may have given it all the same. */
export function isPassingName(name: NodeName): boolean {
  return plainName(name) !== name && name.includes(` (conflict ${passing} `);
}

/** The name that a conflict copy gave up; undefined where it bears none that tells of a conflict (or only for a moment). */
export function toldName(name: NodeName): NodeName | undefined {
  const plain = plainName(name);
  return plain === name || isPassingName(name) ? undefined : plain;
}

/** A mark at the end of a stem. A device's name may hold brackets, but an earlier mark is a part of the item's own name. */
const lastMark = / \(conflict (?:(?! \(conflict ).){1,64} \d{4}-\d{2}-\d{2}(?: \d+)?\)$/u;

function plainName(name: NodeName): NodeName {
  const { stem, extension } = splitExtension(name);
  return (stem.replace(lastMark, '') + extension) as NodeName;
}
