/** What an entry does, as CBOR (FORMAT.md, section 6.2). */
import { Failure, unreachable } from '../../base/failure.ts';
import type { Change, ChangeGroup, CheckpointChange, EntryBody } from '../../model/change.ts';
import { limits } from '../../model/limits.ts';
import { encode } from '../cbor.ts';
import type { CborValue } from '../cbor.ts';
import { wirePackDirectory } from '../pack/directory-wire.ts';
import { snapshotTag } from '../snapshot/snapshot-name.ts';
import { changeNumbers, keepNumbers } from './change-numbers.ts';
import { wireContentRef, wirePutState } from './state-wire.ts';
import { bytesOfId, wireEntryName, wirePackIds, wireText, wireVector, wireVersion } from './wire-ids.ts';
import { wireLimits } from './wire-limits.ts';

/** The body's one encoding. Throws E_LIMIT where it is more than one entry may hold: the author splits it. */
export function encodeBody(body: EntryBody): Uint8Array {
  if (countChanges(body) > limits.entryMaxChanges)
    throw new Failure('E_LIMIT', `more than ${limits.entryMaxChanges} changes for one entry`);
  if (body.packs.length > wireLimits.packsMax) throw new Failure('E_LIMIT', `more than ${wireLimits.packsMax} packs for one entry`);
  const bytes = encode([1, body.groups.map(wireGroup), body.packs.map(wirePackDirectory)]);
  if (bytes.byteLength > wireLimits.bodyMaxBytes) throw new Failure('E_LIMIT', `more than ${wireLimits.bodyMaxBytes} bytes for one entry`);
  return bytes;
}

function countChanges(body: EntryBody): number {
  return body.groups.reduce((count, group) => count + group.length, 0);
}

/** A change alone stands for itself: there is no other way to write it. */
function wireGroup(group: ChangeGroup): CborValue {
  const [first, ...others] = group;
  if (first === undefined) throw new Failure('E_FAILED', 'a group of no changes');
  return others.length === 0 ? wireChange(first) : group.map(wireChange);
}

function wireChange(change: Change): CborValue {
  return [changeNumbers[change.do], ...wireFields(change)];
}

function wireFields(change: Change): readonly CborValue[] {
  switch (change.do) {
    case 'put':
      return [bytesOfId(change.node), change.upon === undefined ? null : wireVersion(change.upon), wirePutState(change.state)];
    case 'move':
      return [bytesOfId(change.node), wireVersion(change.upon), bytesOfId(change.parent), wireText(change.name)];
    case 'remove':
      return [bytesOfId(change.node), wireVersion(change.upon)];
    case 'conflict':
      return [
        bytesOfId(change.copy),
        bytesOfId(change.of),
        bytesOfId(change.madeBy),
        change.ancestor === undefined ? null : wireContentRef(change.ancestor),
      ];
    case 'settle':
      return [bytesOfId(change.copy), keepNumbers[change.keep]];
    case 'checkpoint':
      return wireCheckpoint(change);
    case 'skip':
      return [wireEntryName(change.entry)];
    case 'retention':
      return [change.days];
    case 'pack-plan':
      return [wirePackIds(change.packs), change.notBeforeMs];
    default:
      return unreachable(change);
  }
}

function wireCheckpoint({ lamport, vector, root, snapshot }: CheckpointChange): readonly CborValue[] {
  return [lamport, wireVector(vector), bytesOfId(root), snapshot === undefined ? null : bytesOfId(snapshotTag(snapshot))];
}
