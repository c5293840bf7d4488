import type { LocalNode } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { inLimbo } from './limbo.ts';
import { observe } from './observe.ts';
import { conflicted } from '../open-conflicts.ts';

/**
 * What was missing where somebody told us to look may be in a conflict by what the vault has told since: to publish it as removed would
 * decide that. So it is looked for everywhere first. Whether anything is otherwise than it was known.
 */
export async function searchConflicted(parts: EngineParts, signal: AbortSignal, forgotten: readonly LocalNode[]): Promise<boolean> {
  if (forgotten.length === 0) return false;
  const { index } = parts;
  const sought = index.transaction(() => {
    const inConflict = conflicted(index);
    const rows = forgotten.filter(
      ({ id }) => inConflict.has(id) && index.local.find(id) === undefined && index.base.find(id) !== undefined,
    );
    for (const row of rows) index.local.write(inLimbo(row));
    return rows;
  });
  return sought.length > 0 && (await observe(parts, signal)).isChanged;
}
