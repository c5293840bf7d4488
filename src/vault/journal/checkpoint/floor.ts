/** Where the fold begins: the tree at a checkpoint, below which nothing is ever taken back again. */
import { Failure } from '../../../base/failure.ts';
import type { SeenVector } from '../../../model/change.ts';
import type { DeviceId, EntryHash, EntryName } from '../../../model/ids.ts';
import type { FoldPosition } from '../../../model/journal-book.ts';

export interface FloorEntry extends FoldPosition {
  readonly name: EntryName;
  readonly device: DeviceId;
  readonly counter: number;
}

export interface Floor {
  /** Entries up to this number are below the floor; 0 where the fold begins with the empty tree. */
  readonly lamport: number;
  /** Which entries these are. All others up to `lamport` are void. */
  readonly vector: SeenVector;
  /** Place of the entry that holds the checkpoint; undefined for the empty tree. */
  readonly entry: FloorEntry | undefined;
  /** Whether an entry came too late for the floor: its checkpoint did not know it, and it is void. */
  readonly hasLate: boolean;
}

export const emptyFloor: Floor = { lamport: 0, vector: new Map(), entry: undefined, hasLate: false };

/** Greater than every hash: with a Lamport number, the place behind all its entries. */
export const lastHash = 'f'.repeat(64) as EntryHash;

/** Whether the vector has seen that entry of the device. */
export function covers(vector: SeenVector, { device, counter }: { readonly device: DeviceId; readonly counter: number }): boolean {
  return (vector.get(device)?.counter ?? 0) >= counter;
}

interface FloorFields extends Omit<Floor, 'vector'> {
  readonly vector: readonly (readonly [DeviceId, { readonly counter: number; readonly hash: EntryHash }])[];
}

export function floorToBytes(floor: Floor): Uint8Array {
  const fields = { ...floor, vector: [...floor.vector], entry: floor.entry ?? null };
  return new TextEncoder().encode(JSON.stringify(fields));
}

export function floorFromBytes(bytes: Uint8Array | undefined): Floor {
  if (bytes === undefined) return emptyFloor;
  const fields = JSON.parse(new TextDecoder().decode(bytes)) as FloorFields | null;
  if (fields === null) throw new Failure('E_INDEX_DAMAGED', 'the index does not say where the journal begins');
  return { ...fields, vector: new Map(fields.vector), entry: fields.entry ?? undefined };
}
