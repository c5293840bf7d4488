/** What a person means by restoring a path: which state of which node, and for a folder what of its content. Pure. */
import { Failure } from '../base/failure.ts';
import { parseVersion, rootId, type NodeId, type Version } from '../model/ids.ts';
import type { PastState } from '../model/journal-book.ts';
import { limits } from '../model/limits.ts';
import type { NodeName } from '../model/name.ts';
import { isEdited, type NodeState, type VersionedNode } from '../model/node.ts';
import type { PastReader } from '../model/past.ts';
import { compareVersions, momentOf, type Moment } from './moment.ts';
import { allPages, childrenAt, findAt } from './past-tree.ts';
import { findEverAt, versionsOf, type NodeVersion } from './past-versions.ts';

/** Which state of the path; 'last': what a file was before it was last edited, or what stood there last. */
export type RestoreWish = { readonly version: string } | { readonly moment: Moment } | 'last';

export interface RestoreItem {
  /** Names below what is restored; none for itself. A folder comes before what is in it. */
  readonly below: readonly NodeName[];
  readonly state: NodeState;
}

/** A folder that goes takes a while to go: what the same device removed from it this long before counts as one with it. */
const togetherMs = 10 * 60_000;

/** What to restore, item by item. Throws E_NOT_FOUND where the path never had such a state, E_USAGE where it does not say which. */
export function findRestorable(past: PastReader, names: readonly NodeName[], wish: RestoreWish): Iterable<RestoreItem> {
  if (wish !== 'last' && 'moment' in wish) return restoreAt(past, names, wish.moment);
  if (wish === 'last') return findLast(past, names);
  const { id, version, state, isDeleted } = findVersion(past, names, wish.version);
  if (isDeleted) return withDeleted(past, { id, state, by: version });
  if (state.kind !== 'folder') return [{ below: [], state }];
  return withChildren(past, { id, state, below: [], moment: momentOf(past, version, 'after') });
}

function restoreAt(past: PastReader, names: readonly NodeName[], moment: Moment): Iterable<RestoreItem> {
  const found = findAt(past, names, moment);
  if (found === undefined) throw new Failure('E_NOT_FOUND', 'nothing stood there at that time', { action: seeHistory });
  if (found === 'top') return contentsOf(past, { id: rootId, below: [], moment });
  return found.state.kind === 'folder'
    ? withChildren(past, { id: found.id, state: found.state, below: [], moment })
    : [{ below: [], state: found.state }];
}

const seeHistory = '`cachette history PATH` lists what stood there, `history --deleted` what is gone';

function findVersion(past: PastReader, names: readonly NodeName[], text: string): NodeVersion {
  for (const version of versionsOf(past, [...findEverAt(past, names).keys()])) if (version.version === text) return version;
  throw new Failure('E_NOT_FOUND', `no version '${text}' of this path`, { action: seeHistory });
}

/** What a file was before it was last edited, or what stood there last. */
function findLast(past: PastReader, names: readonly NodeName[]): Iterable<RestoreItem> {
  if (names.length === 0) throw needsTime();
  const found = findEverAt(past, names);
  const standing = [...found].find(([, spans]) => spans.some(({ until }) => until === undefined));
  if (standing !== undefined) return findBeforeEdit(past, standing[0]);
  const [last] = [...found.values()]
    .flat()
    .flatMap(({ until }) => until ?? [])
    .toSorted((a, b) => compareVersions(past, b, a));
  if (last === undefined) throw new Failure('E_NOT_FOUND', 'nothing ever stood there', { action: seeHistory });
  const moment = momentOf(past, last, 'before');
  const node = findAt(past, names, moment);
  if (node === undefined || node === 'top') throw new Failure('E_NOT_FOUND', 'nothing ever stood there', { action: seeHistory });
  const end = findEnd(past, node);
  // Otherwise it is elsewhere now: renamed, or its folder was.
  return end?.isRemoved === true ? withDeleted(past, { id: node.id, state: node.state, by: end.by }) : restoreAt(past, names, moment);
}

function findEnd(past: PastReader, { id, version }: VersionedNode): PastState | undefined {
  for (const state of allPages<PastState>((after, limit) => past.statesOf(id, after, limit)))
    if (state.node.version === version) return state;
  return undefined;
}

function findBeforeEdit(past: PastReader, id: NodeId): Iterable<RestoreItem> {
  const now = past.current.find(id);
  if (now?.state.kind === 'folder') throw needsTime();
  for (const { isDeleted, state } of versionsOf(past, [id])) {
    if (!isDeleted && now !== undefined && isEdited(now.state, state)) return [{ below: [], state }];
  }
  throw new Failure('E_NOT_FOUND', 'this file has no older version', { action: seeHistory });
}

function needsTime(): Failure {
  return new Failure('E_USAGE', 'the folder is there: say which time of it is to come back', {
    action: '--at TIME brings back what stood in it; `cachette rewind FOLDER --to TIME` makes it what it was',
  });
}

interface FolderThen {
  readonly id: NodeId;
  readonly below: readonly NodeName[];
  readonly moment: Moment;
}

function* withChildren(past: PastReader, folder: FolderThen & { readonly state: NodeState }): Generator<RestoreItem, void> {
  yield { below: folder.below, state: folder.state };
  yield* contentsOf(past, folder);
}

function* contentsOf(past: PastReader, { id, below, moment }: FolderThen): Generator<RestoreItem, void> {
  if (below.length > limits.depthMax * 2) return;
  for (const { id: child, state } of childrenAt(past, id, moment)) {
    const names = [...below, state.name];
    if (state.kind === 'folder') yield* withChildren(past, { id: child, state, below: names, moment });
    else yield { below: names, state };
  }
}

interface Gone {
  readonly id: NodeId;
  readonly by: Version;
}

/** A removed folder with what went together with it: each item as it was when it went. */
function* withDeleted(past: PastReader, { id, by, state }: Gone & { readonly state: NodeState }): Generator<RestoreItem, void> {
  yield { below: [], state };
  if (state.kind === 'folder') yield* deletedFrom(past, { id, below: [], by });
}

interface FolderGone extends Gone {
  readonly below: readonly NodeName[];
}

function* deletedFrom(past: PastReader, { id, below, by }: FolderGone): Generator<RestoreItem, void> {
  if (below.length > limits.depthMax * 2) return;
  let last: PastState | undefined;
  for (const state of allPages<PastState>((after, limit) => past.statesIn(id, after, limit))) {
    if (!state.isRemoved || !wentTogether(past, state.by, by)) continue;
    // Of one name the one that went last: they come by name, then by the change that ended them.
    if (last !== undefined && last.node.state.name !== state.node.state.name) yield* deletedItem(past, last, { below, by });
    last = state;
  }
  if (last !== undefined) yield* deletedItem(past, last, { below, by });
}

function* deletedItem(past: PastReader, { node }: PastState, { below, by }: Omit<FolderGone, 'id'>): Generator<RestoreItem, void> {
  const names = [...below, node.state.name];
  yield { below: names, state: node.state };
  if (node.state.kind === 'folder') yield* deletedFrom(past, { id: node.id, below: names, by });
}

function wentTogether(past: PastReader, earlier: Version, by: Version): boolean {
  const last = parseVersion(by).entry;
  const { entry } = parseVersion(earlier);
  if (entry === last) return true;
  const [one, other] = [past.findEntry(entry), past.findEntry(last)];
  if (one === undefined || other === undefined || compareVersions(past, earlier, by) > 0) return false;
  return one.device === other.device && Math.abs(other.timeMs - one.timeMs) <= togetherMs;
}
