/**
 * What this device published, and then took from its disk because it is left out, may still turn void: by an entry of
 * another device that comes late. Nobody has it on a disk then, so it is put into the vault again, as a copy of its own.
 */
import { toHex } from '../../base/bytes.ts';
import { versionToBytes } from '../../index/file/id-bytes.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { ChangeGroup } from '../../model/change.ts';
import { findEntryNameParts, parseVersion, rootId, type NodeId, type Version } from '../../model/ids.ts';
import type { PastState } from '../../model/journal-book.ts';
import type { FileState, VersionedNode } from '../../model/node.ts';
import { conflictName } from '../../planner/conflict-name.ts';
import { floorFromBytes } from '../../vault/journal/checkpoint/floor.ts';
import { beginDecision, endDecision } from '../past/decision.ts';
import type { EngineParts } from '../engine-parts.ts';

const kind = 'let-go';
/** Past states of a node that are asked for together. */
const pageStates = 100;

/** The node goes from this disk, as the base has it. In the transaction in which the base forgets it. */
export function noteLetGo(index: SyncIndex, node: NodeId): void {
  const own = ownFile(index, node);
  if (own !== undefined) index.ownBase.remember(own.version, node, own);
}

/** The file as this device published it, where disk and vault agree on that. */
export function ownFile(index: SyncIndex, node: NodeId): VersionedNode | undefined {
  const base = index.base.find(node);
  const isOwn = base?.state.kind === 'file' && openJournalBook(index).findEntry(parseVersion(base.version).entry)?.mine === true;
  return isOwn ? base : undefined;
}

/**
 * The file went from this disk, by a run that did not come to say so, and before anybody looked the vault had it otherwise or no more:
 * what it held turned void, or somebody who knew it has removed it, and then it is not to come back.
 */
export function noteGoneLetGo(index: SyncIndex, file: VersionedNode): void {
  const { ownBase, intents, remote } = index;
  const now = remote.find(file.id);
  // What a checkpoint made certain counts.
  const isCertain = lamportOf(file.version) <= floorFromBytes(openJournalBook(index).readFact('floor')).lamport;
  if (isCertain || now?.version === file.version || ownBase.find(file.version) !== undefined) return;
  const counts = isPast(index, file);
  // What counts may turn void yet; while the vault has the node, that is told of by what is here of it.
  if (!counts || now === undefined) ownBase.remember(file.version, file.id, file);
  if (!counts) intents.begin(kind, file.version);
}

/** Whether the vault's node was of this version, before it was changed or removed. */
function isPast({ pastStates }: SyncIndex, { id, version }: VersionedNode): boolean {
  for (let after: PastState | undefined; ;) {
    const page = pastStates.statesOf(id, after, pageStates);
    if (page.some(({ node }) => node.version === version)) return true;
    after = page.at(-1);
    // Those that ended last come first, and no state ends before it begins.
    if (page.length < pageStates || after === undefined || lamportOf(after.by) < lamportOf(version)) return false;
  }
}

function lamportOf(version: Version): number {
  return findEntryNameParts(parseVersion(version).entry)?.lamport ?? 0;
}

/**
 * The node was removed in the vault by decision, by the change of this version. Should that turn void, the node is to come down again, with
 * the conflict that it takes part in: that it is not on this disk nobody here has wished for.
 */
export function noteRemovedByDecision({ ownBase }: SyncIndex, version: Version, node: NodeId): void {
  ownBase.remember(version, node, undefined);
}

/** An own change has turned void. What is known of it here. */
export function hearRevoked(index: SyncIndex, version: Version): 'removed-by-decision' | 'let-go' | undefined {
  const own = index.ownBase.find(version);
  if (own === undefined) return undefined;
  if (own.previous === undefined) return 'removed-by-decision';
  index.intents.begin(kind, version);
  return 'let-go';
}

/** An own change counts, perhaps again. Whether it was let go of, or made by decision: then this disk does not show it, and rightly so. */
export function hearApplied(index: SyncIndex, version: Version): boolean {
  if (index.ownBase.find(version) === undefined) return false;
  for (const intent of index.intents.open()) if (intent.kind === kind && intent.detail === version) index.intents.finish(intent.number);
  return true;
}

/** Puts into the vault again what is nowhere any more, and forgets what can't turn void now. */
export async function bringBackLetGo(parts: EngineParts, signal: AbortSignal): Promise<void> {
  const { index, journal } = parts;
  if (!index.ownBase.hasAny()) return;
  for (const { number, kind: found, detail } of index.intents.open()) {
    if (found !== kind) continue;
    const version = detail as Version;
    const copy = toHex(versionToBytes(version)) as NodeId;
    const group = copyGroup(parts, version, copy);
    if (group !== undefined) {
      const decision = beginDecision(index, [copy]);
      const { outcomes } = await journal.commit({ groups: [group], packs: [] }, signal);
      endDecision(index, decision);
      if (outcomes.some(({ applied }) => !applied)) continue;
    }
    index.transaction(() => {
      index.intents.finish(number);
      index.ownBase.forget(version);
    });
  }
  index.ownBase.forgetUpTo(floorFromBytes(openJournalBook(index).readFact('floor')).lamport);
}

/** undefined where the content is in the vault's tree after all, or was before somebody removed or replaced it. */
function copyGroup(parts: EngineParts, version: Version, copy: NodeId): ChangeGroup | undefined {
  const { remote, ownBase } = parts.index;
  const { node, previous } = ownBase.find(version) ?? {};
  if (node === undefined || previous?.state.kind !== 'file' || remote.find(copy) !== undefined) return undefined;
  // Only touched, moved, or made what it was before: the file has that content, or had it.
  if (remote.hasHad(node, previous.state.content.id)) return undefined;
  const of = remote.find(node)?.state;
  const state = copyState(parts, previous.state);
  const content = contentOf(parts.index, state);
  if (content === undefined) return undefined;
  const put = { do: 'put', node: copy, upon: undefined, state: { ...state, content } } as const;
  const beside = of === undefined ? remote.childNamed(state.parent, previous.state.name)?.id : node;
  if (beside === undefined) return [put];
  return [put, { do: 'conflict', copy, of: beside, madeBy: parts.device.id, ancestor: undefined }];
}

/** Where it was, if that is still there and free. */
function copyState({ index: { remote }, device, clock }: EngineParts, was: FileState): FileState {
  const parent = remote.find(was.parent)?.state.kind === 'folder' ? was.parent : rootId;
  if (remote.childNamed(parent, was.name) === undefined) return { ...was, parent };
  const date = new Date(clock.nowMs()).toISOString().slice(0, 10);
  const name = conflictName(was.name, { device: device.name, date }, (candidate) => remote.childNamed(parent, candidate) !== undefined);
  return { ...was, parent, name };
}

function contentOf({ contents }: SyncIndex, { content }: FileState): ReturnType<SyncIndex['contents']['find']> {
  return content.sizeBytes === 0 ? { ...content, chunks: [], listChunks: [] } : contents.find(content.id);
}
