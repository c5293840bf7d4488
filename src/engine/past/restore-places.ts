import { Failure } from '../../base/failure.ts';
import { joinPath, topPath, type DiskPath, type Expected } from '../../disk/disk.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import { displayName, findNameFault, isPrivateName, type NodeName } from '../../model/name.ts';
import { shownOf, type LocalNode, type NodeState } from '../../model/node.ts';
import { chooseShownName, nameKey } from '../../model/shown-name.ts';
import { expectedOf } from '../local-row.ts';

export const notSynced = 'holds what is not synced';

/** Where something is restored to on this disk, and what is known to stand there. */
export interface RestorePlace {
  readonly path: DiskPath;
  /** The path, and before it those of all folders above; none for the top. */
  readonly way: readonly DiskPath[];
  readonly expected: Expected;
  readonly local: LocalNode | undefined;
}

/** Finds where names of the vault stand on this disk: one that it can't hold, or not beside another one, is shown under a marked name. */
export class RestorePlaces {
  readonly #index: SyncIndex;
  /** What this restore puts where nothing is known yet, where the disk takes several names for one: true names, by folder and key. */
  readonly #chosen = new Map<string, NodeName>();

  constructor(index: SyncIndex) {
    this.#index = index;
  }

  /** Throws E_IN_THE_WAY where something else is known to be there, E_UNSAFE_NAME, E_USAGE for a file without a name. */
  find(names: readonly NodeName[], kind: NodeState['kind']): RestorePlace {
    const { local: tree, remote } = this.#index;
    const way: DiskPath[] = [];
    if (names.length === 0 && kind !== 'folder')
      throw new Failure('E_USAGE', `a ${kind} can not take the place of the synced folder itself`, { action: 'name it in --to' });
    let path = topPath;
    let at: NodeId | undefined = rootId;
    let local: LocalNode | undefined;
    for (const [depth, name] of names.entries()) {
      requireName(name, depth);
      local = at === undefined ? undefined : tree.childNamed(at, name);
      path = joinPath(path, local === undefined ? this.#choose(path, at, name) : shownOf(local));
      way.push(path);
      if (at === undefined) continue;
      if (local === undefined && remote.childNamed(at, name) !== undefined) throw inTheWay(path, 'is not on this device');
      if (local !== undefined) this.#requireSynced(local, path, depth < names.length - 1 ? 'folder' : kind);
      at = local?.id;
    }
    return { path, way, expected: local === undefined ? 'absent' : expectedOf(local), local };
  }

  #requireSynced({ id, state }: LocalNode, path: DiskPath, kind: NodeState['kind']): void {
    if (state.kind !== kind) throw inTheWay(path, `is a ${state.kind}`);
    if (kind !== 'folder' && this.#index.dirty.has(id)) throw inTheWay(path, notSynced);
  }

  #choose(folder: DiskPath, id: NodeId | undefined, name: NodeName): NodeName {
    const traits = this.#index.traits.current;
    const keyOf = (shown: NodeName): string => `${folder}/${nameKey(shown, traits)}`;
    const isTaken = (shown: NodeName): boolean =>
      (this.#chosen.get(keyOf(shown)) ?? name) !== name || (id !== undefined && this.#index.local.childShown(id, shown) !== undefined);
    const shown = chooseShownName(name, traits, isTaken);
    if (traits.foldsCase || traits.unicode !== 'kept') this.#chosen.set(keyOf(shown), name);
    return shown;
  }
}

export function inTheWay(path: DiskPath, why: string): Failure {
  return new Failure('E_IN_THE_WAY', `'${displayName(path)}' ${why}`, { subject: path });
}

function requireName(name: NodeName, depth: number): void {
  const fault = depth === 0 && isPrivateName(name) ? "is Cachette's own" : findNameFault(name);
  if (fault !== undefined)
    throw new Failure('E_UNSAFE_NAME', `'${displayName(name)}' ${fault}`, { action: 'restore with --to another path' });
}
