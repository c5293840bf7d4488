import type { NodeName } from '../model/name.ts';
import { deviceMark, markedName, splitExtension } from './marked-name.ts';

/**
 * `name (conflict DEVICE YYYY-MM-DD).ext`, as `markedName` has it. A name that already is a conflict name gets its mark
 * replaced, not a second one, so that names don't grow.
 */
export function conflictName(
  name: NodeName,
  { device, date }: { readonly device: string; readonly date: string },
  isTaken: (name: NodeName) => boolean,
): NodeName {
  const { stem, extension } = splitExtension(name);
  const plain = stem.replace(/ \(conflict .{1,64} \d{4}-\d{2}-\d{2}(?: \d+)?\)$/u, '');
  return markedName((plain + extension) as NodeName, `conflict ${deviceMark(device)} ${date}`, isTaken);
}
