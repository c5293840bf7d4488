/**
 * What steps are about to make of the folder is noted down first, node by node as the vault has it. A process that ends
 * between a step and its record leaves items in the folder that only look like somebody's: without the note a file that
 * was just brought, and is removed or moved elsewhere in the vault before this device looks again, would be published anew;
 * and one that was just taken away would be published as removed, where it is wanted here again by then. Of files, also the
 * items that they are going to be: so what a person makes of one that was just brought is known for a change of that.
 */
import { toHex } from '../../base/bytes.ts';
import type { IntentNumber } from '../../index/intent-table.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { isRounded, type DiskTraits } from '../../model/disk-traits.ts';
import { parseId, type NodeId, type Version } from '../../model/ids.ts';
import {
  samePlace,
  sameState,
  type FileState,
  type LocalNode,
  type LocalPlace,
  type LocalState,
  type NodeState,
  type Place,
  type VersionedNode,
} from '../../model/node.ts';
import { isPassingName } from '../../planner/conflict-name.ts';
import { keepMeta } from '../../planner/kept-meta.ts';
import type { CopyOf, Operation } from '../../planner/operation.ts';
import type { EngineParts } from '../engine-parts.ts';
import { noteLetGo, noteGoneLetGo, ownFile } from './let-go.ts';

const kind = 'bring';

/** One node that is brought, and which version the base had of it then. */
interface Brought {
  readonly node: VersionedNode;
  readonly upon: Version | null;
  /** Of the item that it is going to be, where that is known already. */
  readonly identity?: string;
}

/** One node that is taken from this disk, and which version the base had of it then. */
interface Taken {
  readonly taken: NodeId;
  readonly upon: Version;
  /** Whether the vault keeps it: it is left out here. */
  readonly isLeftOut: boolean;
  /** Whether the vault is to lose it, too: an equal one has its place. */
  readonly isMerged?: boolean;
  /** Of the item that it is: by what stands there is known to be another one. */
  readonly item?: Item | undefined;
  /** Of a file that is left out and that this device published, what it published: that may turn void. */
  readonly own?: VersionedNode | undefined;
}

type Item = Pick<LocalNode, 'identity' | 'fingerprint'>;

/** One node that is renamed on this disk, and to where; and whose conflict copy it is from then on. */
interface Moved {
  readonly moved: NodeId;
  readonly to: LocalPlace;
  readonly copy?: CopyOf | undefined;
  /** Of a file, the item that it was. */
  readonly item?: Item | undefined;
}

type Begun = Brought | Taken | Moved;

const bringing = new Set<Operation['do']>(['fetch', 'make-folder', 'make-link', 'move', 'set-meta']);

/**
 * Notes what these steps make of the folder; undefined where they change nothing there. Gives what `endBringing` takes. `identityOf`:
 * which item of the disk a step is going to make, where that is known.
 */
export function beginBringing(
  index: SyncIndex,
  operations: readonly Operation[],
  identityOf: (operation: Operation) => string | undefined,
): IntentNumber | undefined {
  const brought: Begun[] = [];
  for (const operation of operations) {
    if (operation.do === 'move')
      brought.push({ moved: operation.node, to: operation.place, copy: operation.copy, item: findFile(index, operation.node) });
    if (operation.do === 'discard' || operation.do === 'leave-out') {
      const base = index.base.find(operation.node);
      if (base !== undefined) brought.push(takenFrom(index, base, operation.do === 'leave-out'));
    }
    const node = findBrought(index, operation);
    const identity = identityOf(operation);
    if (node !== undefined) brought.push(identity === undefined ? node : { ...node, identity });
  }
  return brought.length === 0 ? undefined : index.intents.begin(kind, JSON.stringify(brought));
}

/** What comes of the vault by that step; what somebody removed here, too, as disk and vault last agreed on it, where its removal has to yield. */
function findBrought({ local, base, remote }: SyncIndex, operation: Operation): Brought | undefined {
  if (!bringing.has(operation.do) || !('node' in operation)) return undefined;
  const node = remote.find(operation.node);
  const upon = base.find(operation.node)?.version ?? null;
  return node === undefined || (node.version === upon && local.find(node.id) !== undefined) ? undefined : { node, upon };
}

function takenFrom(index: SyncIndex, { id, version }: VersionedNode, isLeftOut: boolean): Taken {
  const own = isLeftOut ? ownFile(index, id) : undefined;
  const isMerged = !isLeftOut && index.remote.find(id) !== undefined;
  return { taken: id, upon: version, isLeftOut, isMerged, item: findFile(index, id), ...(own === undefined ? {} : { own }) };
}

/** All of it is recorded, or known not to have come about. */
export function endBringing({ intents }: SyncIndex, number: IntentNumber | undefined): void {
  if (number !== undefined) intents.finish(number);
}

/** Records what a run that ended before its time has brought, as far as the local tree shows it by now. */
export function recordBrought(parts: Pick<EngineParts, 'index' | 'random'>): void {
  const { index } = parts;
  const open = index.intents.open().filter((intent) => intent.kind === kind);
  if (open.length === 0) return;
  index.transaction(() => {
    const all = open.flatMap(({ detail }) => JSON.parse(detail) as Begun[]);
    freePlaced(parts, all);
    // In the order of the steps: a folder is known again before what is in it.
    for (const begun of all) {
      if ('taken' in begun) recordTaken(parts, begun);
      else if ('moved' in begun) recordMoved(parts, begun);
      else recordOne(index, begun);
    }
  });
}

/** Renames that a run which ended before its time may have left half done. */
export function movesBegun({ intents }: SyncIndex): Moved[] {
  const open = intents.open().filter((intent) => intent.kind === kind);
  return open.flatMap(({ detail }) => (JSON.parse(detail) as Begun[]).filter((begun) => 'moved' in begun));
}

/** Whether a run ended before its time, and may have brought what nobody has looked at yet. */
export function hasOldBringing({ intents }: SyncIndex): boolean {
  return intents.open().some((intent) => intent.kind === kind);
}

/** The whole folder was looked at, and read where that was needed: what was not found was never brought. */
export function endOldBringing({ intents }: SyncIndex): void {
  for (const intent of intents.open()) if (intent.kind === kind) intents.finish(intent.number);
}

/**
 * What was put where another file had stood, whoever looks takes for a new version of that one: so do editors save. The run knows better,
 * where it also took that one away, or put it elsewhere and it is there. Where it is not, nobody knows where it went, and it is not gone for that.
 * But what stands elsewhere than the run has put it was moved there by a person, who took away what had that place.
 */
function freePlaced({ index, random }: Pick<EngineParts, 'index' | 'random'>, all: readonly Begun[]): void {
  const accounted = new Set<NodeId>();
  for (const begun of all) {
    if ('taken' in begun) accounted.add(begun.taken);
    else if ('node' in begun && findPlaced(index, begun) !== undefined) accounted.add(begun.node.id);
  }
  for (const begun of all) {
    if (!('node' in begun)) continue;
    const placed = findPlaced(index, begun);
    const isOwn = placed !== undefined && accounted.has(placed.id);
    const stranger = isOwn ? placed : findMovedOver(index, begun);
    if (stranger !== undefined) index.local.adopt(stranger.id, parseId('NodeId', toHex(random.bytes(16))));
  }
}

/** The file that was placed, where it stands at its place and is taken for another node. */
function findPlaced({ local }: SyncIndex, { node, identity }: Brought): LocalNode | undefined {
  if (identity === undefined || identity === '') return undefined;
  return local.findByIdentity(identity).find(({ id, state }) => state.kind === 'file' && id !== node.id && samePlace(state, node.state));
}

/** The file that was placed, where it stands nowhere but elsewhere, and is taken for a new version of what had that place. */
function findMovedOver({ local, base, remote }: SyncIndex, { node, identity }: Brought): LocalNode | undefined {
  if (identity === undefined || identity === '' || local.find(node.id) !== undefined) return undefined;
  const [there, ...others] = local.findByIdentity(identity);
  if (there?.state.kind !== 'file' || others.length > 0 || samePlace(there.state, node.state)) return undefined;
  return isKnown(base, there.id) || isKnown(remote, there.id) ? there : undefined;
}

function recordOne(index: SyncIndex, { node, upon, identity }: Brought): void {
  if ((index.base.find(node.id)?.version ?? null) !== upon) return;
  const item = identity === undefined ? undefined : findItem(index, node.id, identity);
  const there = item ?? index.local.find(node.id) ?? findStranger(index, node.state);
  if (there === undefined) return;
  // The disk may not hold the times and bits that it was given.
  const brought = asBrought(keepMeta(there, node.state, index.traits.current), node.state, index.traits.current);
  // The very item that was placed counts, whatever a person made of it and wherever he moved it since: he saw what was brought.
  if (item === undefined && !sameState(brought.state, node.state)) {
    if (there.id === node.id) recordPlace(index, there, node);
    return;
  }
  if (there.id !== node.id) index.local.adopt(there.id, node.id);
  if (brought !== there) index.local.write({ ...brought, id: node.id });
  index.base.write(node);
}

/** Where the disk does not know where its files came from, what was brought is as the vault has it, whatever stood there before. */
function asBrought(there: LocalNode, brought: NodeState, { keepsOrigin }: DiskTraits): LocalNode {
  if (keepsOrigin || there.state.kind !== 'file' || brought.kind !== 'file' || there.state.fromOutside === brought.fromOutside)
    return there;
  return { ...there, state: { ...there.state, fromOutside: brought.fromOutside } };
}

/** It is not on this disk because it was to go, and not because a person removed it. */
function recordTaken({ index, random }: Pick<EngineParts, 'index' | 'random'>, begun: Taken): void {
  const { taken, upon, isLeftOut, item, own } = begun;
  const there = index.local.find(taken);
  const base = index.base.find(taken);
  if (base?.version !== upon) {
    if (there === undefined && own !== undefined) noteGoneLetGo(index, own);
    return;
  }
  if (there !== undefined) {
    if (!isLeftOut || item === undefined || there.state.kind === 'folder' || isSameItem(item, there)) return;
    // Another file under the name of one that the vault keeps, and that has most likely gone: as an edit it would replace that.
    index.local.adopt(taken, parseId('NodeId', toHex(random.bytes(16))));
  }
  // What the vault still has of it would be brought again under its old name: its removal goes out, as it would had the run gone on.
  if (begun.isMerged === true) return;
  if (isLeftOut) noteLetGo(index, taken);
  index.base.erase(taken);
}

/** Of a file or link, what it is known by. */
function findFile({ local }: SyncIndex, node: NodeId): Item | undefined {
  const known = local.find(node);
  return known === undefined || known.state.kind === 'folder' ? undefined : { identity: known.identity, fingerprint: known.fingerprint };
}

function isSameItem(one: Item, other: Item): boolean {
  return one.identity === '' ? one.fingerprint === other.fingerprint : one.identity === other.identity;
}

/**
 * An item that was taken aside on its way stands there by no wish of a person: the vault may have it back where it was by the time
 * when it goes on, and it is to go there. So that is where it stood when disk and vault last agreed.
 */
function recordAside({ base }: SyncIndex, node: NodeId, { parent, name }: Place): void {
  const known = base.find(node);
  if (known !== undefined && isPassingName(name)) base.write({ ...known, state: { ...known.state, parent, name } });
}

/** What is to be known of an item that was moved on this disk: whose copy it is, and that it was only taken aside. */
export function recordMove(index: SyncIndex, { node, place, copy }: Extract<Operation, { do: 'move' }>): void {
  recordAside(index, node, place);
  if (copy !== undefined) index.copies.write(node, copy);
}

function recordMoved({ index, random }: Pick<EngineParts, 'index' | 'random'>, begun: Moved): void {
  const found = findMovedFrom(index, begun);
  if (found !== undefined) {
    index.local.adopt(begun.moved, parseId('NodeId', toHex(random.bytes(16))));
    index.local.adopt(found.id, begun.moved);
    index.local.write({ ...found, id: begun.moved });
  }
  const there = index.local.find(begun.moved) ?? findSavedAside(index, begun);
  if (there !== undefined && samePlace(there.state, begun.to)) recordAside(index, begun.moved, begun.to);
  recordCopy(index, begun);
}

/**
 * Where files are known by their places alone, another file under its old name is taken for the one that was moved. That one stands where
 * it was to go, as far as its size and its time tell, and nobody knows of another one there: as it is to be in the local tree.
 */
function findMovedFrom(index: SyncIndex, { moved, to, item }: Moved): LocalNode | undefined {
  const there = index.local.find(moved);
  const was = index.base.find(moved)?.state;
  if (item?.identity !== '' || was?.kind !== 'file' || there === undefined) return undefined;
  if (isSameItem(item, there) || samePlace(there.state, to)) return undefined;
  const stranger = index.local.childShown(to.parent, to.shown ?? to.name);
  if (stranger === undefined || isKnown(index.base, stranger.id) || isKnown(index.remote, stranger.id)) return undefined;
  const traits = index.traits.current;
  return looksLike(stranger.state, was, traits) ? keepMeta(stranger, was, traits) : undefined;
}

function looksLike(one: LocalState, was: FileState, traits: DiskTraits): boolean {
  return one.kind === 'file' && one.sizeBytes === was.content.sizeBytes && isRounded(one.mtimeUs, was.mtimeUs, traits);
}

/** What a person saved in the place of a file that was taken aside is that file, and goes where it was to go, as it would had the run gone on. */
function findSavedAside(index: SyncIndex, { moved, to }: Moved): LocalNode | undefined {
  if (!isPassingName(to.name) || index.base.find(moved)?.state.kind !== 'file') return undefined;
  const there = findStranger(index, to);
  if (there?.state.kind !== 'file') return undefined;
  index.local.adopt(there.id, moved);
  return index.local.find(moved);
}

/** It bears its conflict name by now, and the vault does not know it yet: what it is a copy of goes out with it. */
function recordCopy(index: SyncIndex, { moved, to, copy }: Moved): void {
  if (copy === undefined) return;
  const known = index.local.find(moved);
  const there = known !== undefined && samePlace(known.state, to) ? known : findStranger(index, to);
  const inVault = there === undefined ? undefined : index.remote.find(there.id)?.state;
  // Where the vault has it there already, it went out.
  if (there !== undefined && (inVault === undefined || !samePlace(inVault, to))) index.copies.write(there.id, copy);
}

/** It was moved already, and not brought up to date yet: from then on it is here that it stands. */
function recordPlace({ base }: SyncIndex, there: LocalNode, { id, state }: VersionedNode): void {
  const known = base.find(id);
  if (known === undefined || !samePlace(there.state, state) || samePlace(known.state, state)) return;
  base.write({ ...known, state: { ...known.state, parent: state.parent, name: state.name } });
}

/** The file of that identity, where it is the node, or is known to nobody. */
function findItem(index: SyncIndex, node: NodeId, identity: string): LocalNode | undefined {
  const { local, base, remote } = index;
  return local.findByIdentity(identity).find(({ id, state }) => {
    if (state.kind !== 'file' || id === node) return id === node;
    return local.find(node) === undefined && !isKnown(base, id) && !isKnown(remote, id);
  });
}

/** What stands at the place and is known to nobody. */
function findStranger({ local, base, remote }: SyncIndex, { parent, name }: Place): ReturnType<typeof local.find> {
  const there = local.childNamed(parent, name);
  return there === undefined || isKnown(base, there.id) || isKnown(remote, there.id) ? undefined : there;
}

function isKnown(tree: SyncIndex['base'] | SyncIndex['remote'], id: NodeId): boolean {
  return tree.find(id) !== undefined;
}
