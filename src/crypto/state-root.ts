import { toHex } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';
import { labels } from './labels.ts';
import type { Primitives } from './primitives.ts';

/** Bytes of a sum: 1024 lanes of 16 bits, little-endian, as in the memory of every machine that this runs on. */
export const stateSumBytes = 2048;
const laneCount = stateSumBytes / 2;

// The element being added, in one place for all sums: a new array for each would cost as much as the sum itself.
const element = new Uint16Array(laneCount);
const elementBytes = new Uint8Array(element.buffer);

/**
 * LtHash: a sum of hashed records that costs the same to keep up whatever the size of the tree. Equal sets of records
 * have equal sums, in whatever order they were added and removed; finding two sets with one sum is as hard as a lattice
 * problem of this size (Bellare and Micciancio 1997; Lewi et al. 2019, eprint 2019/227).
 */
export class StateSum {
  readonly #primitives: Primitives;
  readonly #lanes: Uint16Array;

  private constructor(primitives: Primitives, lanes: Uint16Array) {
    this.#primitives = primitives;
    this.#lanes = lanes;
  }

  /** The sum of no records. */
  static empty(primitives: Primitives): StateSum {
    return new StateSum(primitives, new Uint16Array(laneCount));
  }

  /** A sum that `bytes()` gave. Throws E_FORMAT where the length is not that of a sum. */
  static from(primitives: Primitives, bytes: Uint8Array): StateSum {
    if (bytes.byteLength !== stateSumBytes) throw new Failure('E_FORMAT', 'not a state sum');
    return new StateSum(primitives, new Uint16Array(bytes.slice().buffer));
  }

  /** Adds a record, by its canonical bytes. */
  add(record: Uint8Array): void {
    const lanes = this.#lanes;
    this.#expand(record);
    // A Uint16Array wraps by itself: this is addition modulo 2^16.
    for (let lane = 0; lane < laneCount; lane += 1) lanes[lane] = lanes[lane]! + element[lane]!;
  }

  /** Takes out a record that was added before, by the same bytes. */
  remove(record: Uint8Array): void {
    const lanes = this.#lanes;
    this.#expand(record);
    for (let lane = 0; lane < laneCount; lane += 1) lanes[lane] = lanes[lane]! - element[lane]!;
  }

  /** From now on the sum that `other` is. */
  become(other: StateSum): void {
    this.#lanes.set(other.#lanes);
  }

  /** Whether both are sums of the same records. */
  equals(other: StateSum): boolean {
    return this.#lanes.every((lane, at) => lane === other.#lanes[at]);
  }

  /** An independent sum of the same records. */
  copy(): StateSum {
    return new StateSum(this.#primitives, this.#lanes.slice());
  }

  /** The sum itself, 2048 bytes, for keeping. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#lanes.slice().buffer);
  }

  /** The short form that entries carry: 64 hexadecimal digits. */
  root(): string {
    return toHex(this.#primitives.blake2b(32, [labels.stateRoot, new Uint8Array(this.#lanes.buffer)]));
  }

  #expand(record: Uint8Array): void {
    const key = this.#primitives.blake2b(32, [labels.stateElement, record]);
    this.#primitives.keystream(elementBytes, key);
  }
}
