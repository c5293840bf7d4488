import type { NodeId } from '../../src/model/ids.ts';
import type { SimDevice } from './sim-device.ts';

/**
 * Whether the node is a link that the device says it has not: one that its disk can't hold, or that would lead out of the
 * folder there. Such an item is listed and stops only itself, and agreement is about all others (semantics.md, promises 1
 * and 7). Of the targets that people draw here only one leads out, and only where names are those of Windows: `a:b` is a file on drive A.
 */
export function isWithheld({ index, disk }: SimDevice, node: NodeId): boolean {
  const { hasLinks, names } = disk.kernel.personality;
  const link = index.remote.find(node)?.state;
  if (link?.kind !== 'link' || !index.dirty.has(node)) return false;
  return !hasLinks || (names === 'windows' && /^[a-z]:/i.test(link.target));
}
