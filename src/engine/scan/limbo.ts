import type { NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { LocalNode } from '../../model/node.ts';

/** The parent of rows whose item is being looked for. Not a node: random ids never collide with it. */
export const limboId = 'f'.repeat(32) as NodeId;

/** The row of an item that is not where it was: it waits there until a scan has found it or has ended. */
export function inLimbo(row: LocalNode): LocalNode {
  return { ...row, state: { ...row.state, parent: limboId, name: row.id as string as NodeName } };
}
