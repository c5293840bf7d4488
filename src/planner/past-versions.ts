/** Which versions a path has had: of every node that ever stood there, through its own renames and those of its folders. Pure. */
import { rootId, type NodeId, type Version } from '../model/ids.ts';
import type { PastState } from '../model/journal-book.ts';
import type { NodeName } from '../model/name.ts';
import { isEdited, type NodeState, type Place } from '../model/node.ts';
import type { PastReader } from '../model/past.ts';
import { compareVersions, momentOf } from './moment.ts';
import { allPages, pathAt, stateAt } from './past-tree.ts';

/** A state that a node has or had, or (deleted) what was removed. */
export interface NodeVersion {
  readonly id: NodeId;
  /** Version of the change that made it, or that removed it. */
  readonly version: Version;
  readonly state: NodeState;
  /** Where it stood when it was made, or until it was removed. */
  readonly path: string;
  readonly isDeleted: boolean;
}

/** While something was so; undefined: from the beginning, until now. */
export interface Span {
  readonly from: Version | undefined;
  readonly until: Version | undefined;
}

/** Nodes that ever stood at the end of this path, and when; the root for the path without names. */
export function findEverAt(past: PastReader, names: readonly NodeName[]): ReadonlyMap<NodeId, readonly Span[]> {
  let found = new Map<NodeId, readonly Span[]>([[rootId, [{ from: undefined, until: undefined }]]]);
  for (const name of names) {
    const next = new Map<NodeId, readonly Span[]>();
    for (const [parent, spans] of found) {
      for (const { id, span } of spansAt(past, { parent, name })) {
        const both = spans.map((other) => overlap(past, span, other)).filter((common) => common !== undefined);
        if (both.length > 0) next.set(id, [...(next.get(id) ?? []), ...both]);
      }
    }
    found = next;
  }
  return found;
}

function* spansAt(past: PastReader, { parent, name }: Place): Generator<{ readonly id: NodeId; readonly span: Span }, void> {
  const now = past.current.childNamed(parent, name);
  if (now !== undefined) yield { id: now.id, span: { from: now.version, until: undefined } };
  for (const { node, by } of allPages<PastState>((after, limit) => past.statesAt(parent, name, after, limit))) {
    yield { id: node.id, span: { from: node.version, until: by } };
  }
}

function overlap(past: PastReader, a: Span, b: Span): Span | undefined {
  const from = later(past, a.from, b.from);
  const until = earlier(past, a.until, b.until);
  return from !== undefined && until !== undefined && compareVersions(past, from, until) >= 0 ? undefined : { from, until };
}

function later(past: PastReader, a: Version | undefined, b: Version | undefined): Version | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareVersions(past, a, b) < 0 ? b : a;
}

function earlier(past: PastReader, a: Version | undefined, b: Version | undefined): Version | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareVersions(past, a, b) < 0 ? a : b;
}

/** All versions of these nodes, newest first. One page of each node is in memory. */
export function* versionsOf(past: PastReader, nodes: readonly NodeId[]): Generator<NodeVersion, void> {
  const queues = nodes.map((id) => versionsOfNode(past, id));
  const heads = queues.map((queue) => queue.next());
  for (;;) {
    let newest: { readonly at: number; readonly version: Version } | undefined;
    for (const [at, head] of heads.entries()) {
      if (head.done !== true && (newest === undefined || head.value.version > newest.version)) newest = { at, version: head.value.version };
    }
    const queue = newest && queues[newest.at];
    const head = newest && heads[newest.at];
    if (newest === undefined || queue === undefined || head === undefined || head.done === true) return;
    yield head.value;
    heads[newest.at] = queue.next();
  }
}

function* versionsOfNode(past: PastReader, id: NodeId): Generator<NodeVersion, void> {
  const now = past.current.find(id);
  if (now !== undefined) yield made(past, now);
  for (const state of allPages<PastState>((after, limit) => past.statesOf(id, after, limit))) {
    if (state.isRemoved) yield removed(past, state);
    yield made(past, state.node);
  }
}

function made(past: PastReader, { id, version, state }: { id: NodeId; version: Version; state: NodeState }): NodeVersion {
  return { id, version, state, path: pathOrName(past, state, version, 'after'), isDeleted: false };
}

function removed(past: PastReader, { node, by }: PastState): NodeVersion {
  return { id: node.id, version: by, state: node.state, path: pathOrName(past, node.state, by, 'before'), isDeleted: true };
}

/** A folder that was made and removed by one entry together with what is in it was never there at either end. */
function pathOrName(past: PastReader, place: Place, version: Version, side: 'before' | 'after'): string {
  return pathAt(past, place, momentOf(past, version, side)) ?? place.name;
}

/**
 * Files and links that are gone now, those removed last first. With folders given: those that stood in one of them, or
 * below, when they were removed.
 */
export function* deletedVersions(past: PastReader, folders: readonly NodeId[] | undefined): Generator<NodeVersion, void> {
  const within = folders && new Set(folders);
  for (const state of allPages<PastState>((after, limit) => past.removed(after, limit))) {
    const { node, by } = state;
    if (node.state.kind === 'folder' || past.current.find(node.id) !== undefined) continue;
    // Removed more than once: the last time counts.
    if (past.statesOf(node.id, undefined, 1)[0]?.by !== by) continue;
    if (within !== undefined && !stoodIn(past, state, within)) continue;
    const version = removed(past, state);
    if (!isBack(past, version)) yield version;
  }
}

/** Whether the same stands there again: it was restored. */
function isBack({ current }: PastReader, { path, state }: NodeVersion): boolean {
  let at: NodeId = rootId;
  let found: NodeState | undefined;
  for (const name of path.split('/') as NodeName[]) {
    const child = current.childNamed(at, name);
    if (child === undefined) return false;
    at = child.id;
    found = child.state;
  }
  return found !== undefined && found.kind === state.kind && !isEdited(found, state);
}

function stoodIn(past: PastReader, { node, by }: PastState, folders: ReadonlySet<NodeId>): boolean {
  const moment = momentOf(past, by, 'before');
  for (let { parent } = node.state; ;) {
    if (folders.has(parent)) return true;
    if (parent === rootId) return false;
    const above = stateAt(past, parent, moment);
    if (above === undefined) return false;
    ({ parent } = above.state);
  }
}
