/** The tree as it was at a moment, and the paths of that time. Pure; reads what it needs, one folder or node at a time. */
import { rootId, type NodeId } from '../model/ids.ts';
import type { PastState } from '../model/journal-book.ts';
import { limits } from '../model/limits.ts';
import type { NodeName } from '../model/name.ts';
import type { Place, VersionedNode } from '../model/node.ts';
import type { PastReader } from '../model/past.ts';
import { isMade, type Moment } from './moment.ts';

const pageStates = 500;

/** All pages of something, one after the other. */
export function* allPages<Item>(page: (after: Item | undefined, limit: number) => readonly Item[]): Generator<Item, void> {
  let items = page(undefined, pageStates);
  for (let last = items.at(-1); last !== undefined; last = items.at(-1)) {
    yield* items;
    if (items.length < pageStates) return;
    items = page(last, pageStates);
  }
}

/** What the node was at the moment; undefined where it was not in the tree. */
export function stateAt(past: PastReader, id: NodeId, moment: Moment): VersionedNode | undefined {
  const now = past.current.find(id);
  if (now !== undefined && isMade(past, now.version, moment)) return now;
  return findThen(
    past,
    allPages((after, limit) => past.statesOf(id, after, limit)),
    moment,
  );
}

/** What stood at the place at the moment. */
export function childAt(past: PastReader, { parent, name }: Place, moment: Moment): VersionedNode | undefined {
  const now = past.current.childNamed(parent, name);
  if (now !== undefined && isMade(past, now.version, moment)) return now;
  return findThen(
    past,
    allPages((after, limit) => past.statesAt(parent, name, after, limit)),
    moment,
  );
}

/** All that stood in the folder at the moment, in no order. */
export function* childrenAt(past: PastReader, folder: NodeId, moment: Moment): Generator<VersionedNode, void> {
  for (const now of childrenNow(past, folder)) if (isMade(past, now.version, moment)) yield now;
  for (const state of allPages<PastState>((after, limit) => past.statesIn(folder, after, limit))) {
    if (isThen(past, state, moment)) yield state.node;
  }
}

/** All that stands in the folder. */
export function* childrenNow(past: PastReader, folder: NodeId): Generator<VersionedNode, void> {
  yield* allPages<VersionedNode>((after, limit) => past.current.childrenOf(folder, after?.state.name, limit));
}

/** What stood at the end of this path, from the top; 'top' for the path without names. */
export function findAt(past: PastReader, names: readonly NodeName[], moment: Moment): VersionedNode | 'top' | undefined {
  let found: VersionedNode | 'top' | undefined = 'top';
  for (const name of names) {
    found = childAt(past, { parent: found === 'top' ? rootId : found.id, name }, moment);
    if (found === undefined) return undefined;
  }
  return found;
}

/** Path of a place at the moment; undefined where a folder on the way was not in the tree. */
export function pathAt(past: PastReader, place: Place, moment: Moment): string | undefined {
  const names: NodeName[] = [place.name];
  for (let { parent } = place; parent !== rootId;) {
    const folder = stateAt(past, parent, moment);
    if (folder === undefined || names.length > limits.depthMax * 2) return undefined;
    names.push(folder.state.name);
    ({ parent } = folder.state);
  }
  return names.toReversed().join('/');
}

function findThen(past: PastReader, states: Iterable<PastState>, moment: Moment): VersionedNode | undefined {
  for (const state of states) if (isThen(past, state, moment)) return state.node;
  return undefined;
}

function isThen(past: PastReader, { node, by }: PastState, moment: Moment): boolean {
  return isMade(past, node.version, moment) && !isMade(past, by, moment);
}
