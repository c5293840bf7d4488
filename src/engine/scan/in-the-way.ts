import { joinPath, topPath } from '../../disk/disk.ts';
import { Failure } from '../../base/failure.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import { chooseShownName } from '../../model/shown-name.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { isRefusedHere, noteProblem } from '../problems.ts';
import { vaultPath } from '../vault-path.ts';

/** Nodes asked about in one pass; the others are asked about once these are solved. */
const askedMax = 1_000;

/**
 * Names what waits for its place because something stands there that is not synced itself (a pipe, an ignored file): it is
 * not ours to move, and a person has to be told of it. To be called when nothing more can be done.
 */
export async function noteInTheWay(parts: EngineParts): Promise<void> {
  for (const { id } of parts.index.dirty.take(askedMax)) {
    const kind = await findInTheWay(parts, id);
    if (kind === undefined) continue;
    const what = kind === 'other' ? 'a socket, pipe or device' : 'something that is not synced';
    const failure = new Failure('E_NAME_CLASH', `${what} stands at its place on this computer`, {
      action: 'move that elsewhere or rename it; it is tried again by itself',
    });
    noteProblem(parts, { node: id, path: vaultPath(parts.index, id), failure });
  }
}

/** The kind of what stands, known to nobody, where the vault's node belongs; undefined where that is not what it waits for. */
async function findInTheWay({ index, disk }: EngineParts, id: NodeId): Promise<string | undefined> {
  const remote = index.remote.find(id);
  if (remote === undefined || index.problems.hasNode(id)) return undefined;
  const { parent, name } = remote.state;
  if (index.local.childNamed(parent, name) !== undefined) return undefined;
  const folder = parent === rootId ? topPath : findLocalPath((node) => index.local.find(node), parent);
  if (folder === undefined) return undefined;
  const shown = chooseShownName(name, index.traits.current, (taken) => index.local.childShown(parent, taken) !== undefined);
  try {
    return (await disk.look(joinPath(folder, shown)))?.kind;
  } catch (error) {
    if (isRefusedHere(error)) return undefined; // told where it was tried
    throw error;
  }
}
