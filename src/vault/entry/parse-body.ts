/** CBOR to what an entry does (FORMAT.md, section 6.2). Strict: what it accepts, `encodeBody` writes with the same bytes. */
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { Change, ChangeGroup, EntryBody, PackDirectory } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { decodeProven, decodeStrict, readArray, readBytes, readInt, readTuple } from '../cbor.ts';
import { readPackDirectory } from '../pack/directory-wire.ts';
import { snapshotName } from '../snapshot/snapshot-name.ts';
import { changeNumbers, readKeep } from './change-numbers.ts';
import { readContentRef, readPutState } from './state-wire.ts';
import {
  readEntryName,
  readId,
  readLamport,
  readName,
  readOptional,
  readPackIds,
  readTimeMs,
  readVector,
  readVersion,
} from './wire-ids.ts';
import { wireLimits } from './wire-limits.ts';

const snapshotTagBytes = 8;

/**
 * The body that these bytes are. Names are not judged: they may be `..` or hold a slash. Throws E_LIMIT where there is
 * more than one entry may hold, E_FORMAT for everything that is not exactly as version 1 writes it.
 */
export function parseBody(bytes: Uint8Array): EntryBody {
  return bodyOf(decodeStrict(bytes, wireLimits.bodyMaxBytes));
}

/** The body that these bytes are, which `parseBody` accepted before, or `encodeBody` gave: in half the time. Throws as that. */
export function parseProvenBody(bytes: Uint8Array): EntryBody {
  return bodyOf(decodeProven(bytes, wireLimits.bodyMaxBytes));
}

function bodyOf(value: unknown): EntryBody {
  const [version, groups, packs] = readTuple(value, 3);
  if (version !== 1) throw new Failure('E_FORMAT', 'an entry whose body this version of Cachette does not know');
  return { groups: readGroups(groups), packs: readPacks(packs) };
}

function readGroups(value: unknown): ChangeGroup[] {
  const groups: ChangeGroup[] = [];
  let changes = 0;
  for (const item of readArray(value, limits.entryMaxChanges)) {
    const group = readGroup(item, limits.entryMaxChanges - changes);
    changes += group.length;
    groups.push(group);
  }
  return groups;
}

function readGroup(value: unknown, max: number): ChangeGroup {
  const items = readArray(value, limits.entryMaxChanges);
  if (!Array.isArray(items[0])) {
    if (max < 1) throw new Failure('E_LIMIT', `more than ${limits.entryMaxChanges} changes in one entry`);
    return [readChange(items)];
  }
  if (items.length === 1) throw new Failure('E_FORMAT', 'a group of one change that does not stand for itself');
  if (items.length > max) throw new Failure('E_LIMIT', `more than ${limits.entryMaxChanges} changes in one entry`);
  return items.map((item) => readChange(readArray(item, limits.entryMaxChanges)));
}

type Fields = readonly unknown[];

const readers: ReadonlyMap<unknown, (fields: Fields) => Change> = new Map<unknown, (fields: Fields) => Change>([
  [changeNumbers.put, readPut],
  [changeNumbers.move, readMove],
  [changeNumbers.remove, readRemove],
  [changeNumbers.conflict, readConflict],
  [changeNumbers.settle, readSettle],
  [changeNumbers.checkpoint, readCheckpoint],
  [changeNumbers.skip, readSkip],
  [changeNumbers.retention, readRetention],
  [changeNumbers['pack-plan'], readPackPlan],
]);

function readChange(fields: Fields): Change {
  const read = readers.get(fields[0]);
  if (read === undefined) throw new Failure('E_FORMAT', 'a kind of change that this version of Cachette does not know');
  return read(fields);
}

function readPut(fields: Fields): Change {
  const [, node, upon, state] = readTuple(fields, 4);
  return { do: 'put', node: readId('NodeId', node), upon: readOptional(upon, readVersion), state: readPutState(state) };
}

function readMove(fields: Fields): Change {
  const [, node, upon, parent, name] = readTuple(fields, 5);
  return { do: 'move', node: readId('NodeId', node), upon: readVersion(upon), parent: readId('NodeId', parent), name: readName(name) };
}

function readRemove(fields: Fields): Change {
  const [, node, upon] = readTuple(fields, 3);
  return { do: 'remove', node: readId('NodeId', node), upon: readVersion(upon) };
}

function readConflict(fields: Fields): Change {
  const [, copy, of, madeBy, ancestor] = readTuple(fields, 5);
  return {
    do: 'conflict',
    copy: readId('NodeId', copy),
    of: readId('NodeId', of),
    madeBy: readId('DeviceId', madeBy),
    ancestor: readOptional(ancestor, readContentRef),
  };
}

function readSettle(fields: Fields): Change {
  const [, copy, keep] = readTuple(fields, 3);
  return { do: 'settle', copy: readId('NodeId', copy), keep: readKeep(keep) };
}

function readCheckpoint(fields: Fields): Change {
  const [, lamport, vector, root, snapshot] = readTuple(fields, 5);
  return {
    do: 'checkpoint',
    lamport: readLamport(lamport),
    vector: readVector(vector),
    root: readId('StateRoot', root),
    snapshot: readOptional(snapshot, (tag) => snapshotName(toHex(readBytes(tag, snapshotTagBytes)))),
  };
}

function readSkip(fields: Fields): Change {
  const [, entry] = readTuple(fields, 2);
  return { do: 'skip', entry: readEntryName(entry) };
}

function readRetention(fields: Fields): Change {
  const [, days] = readTuple(fields, 2);
  return { do: 'retention', days: readInt(days, { min: 0, max: wireLimits.countMax }) };
}

function readPackPlan(fields: Fields): Change {
  const [, packs, notBefore] = readTuple(fields, 3);
  return { do: 'pack-plan', packs: readPackIds(packs, wireLimits.planPacksMax), notBeforeMs: readTimeMs(notBefore) };
}

function readPacks(value: unknown): PackDirectory[] {
  const known = new Set<PackId>();
  return readArray(value, wireLimits.packsMax).map((item) => {
    const directory = readPackDirectory(item);
    if (known.has(directory.pack)) throw new Failure('E_FORMAT', 'a pack that is brought twice');
    known.add(directory.pack);
    return directory;
  });
}
