import { randomBytes } from 'node:crypto';
import { isFull } from './is-full.ts';
import type { StoreFolder } from './store-folder.ts';

/** What else an attacker has at hand. */
export interface Accomplices {
  /** Another object of the target's kind. */
  readonly sameKind: string;
  /** An object of another kind. */
  readonly otherKind: string;
  /** What stands at the same place in another vault. */
  readonly otherVault: Uint8Array;
}

/** Something that the owner of the store does to one object. */
export interface StoreEdit {
  /** As it goes on: "the object …". */
  readonly title: string;
  /** Whether bytes stand there after it: a device that only asks whether the object is there can't tell. */
  readonly leavesBytes: boolean;
  /** Whether the full matrix alone does it. */
  readonly isRare?: true;
  apply(store: StoreFolder, target: string, accomplices: Accomplices): void;
}

interface Rarity {
  readonly isRare?: true;
}

/** For the full matrix alone. */
export const rare: Rarity = { isRare: true };

/** Those that this run has time for. */
export function timely(edits: readonly StoreEdit[]): StoreEdit[] {
  return edits.filter(({ isRare }) => isFull || isRare !== true);
}

/** Those among them whose titles match, unless this run has time for all. */
export function fewOf(edits: readonly StoreEdit[], titles: RegExp): StoreEdit[] {
  return isFull ? [...edits] : edits.filter(({ title }) => titles.test(title));
}

/** A bit flipped at this offset; negative: from the end. */
export function flippedAt(offset: number, what: string, rarity: Rarity = {}): StoreEdit {
  return {
    title: `has a bit flipped in ${what}`,
    leavesBytes: true,
    ...rarity,
    apply: (store, target) => {
      const bytes = store.read(target);
      const at = offset < 0 ? bytes.length + offset : offset;
      if (at < 0 || at >= bytes.length) throw new Error(`${target} has no byte ${offset}`);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      store.write(target, bytes);
    },
  };
}

/** What is done to objects of every kind. */
export const edits: readonly StoreEdit[] = [
  flippedAt(0, 'its first byte', rare),
  edit('is cut by one byte', (bytes) => bytes.subarray(0, -1)),
  edit('is cut to half', (bytes) => bytes.subarray(0, bytes.length >> 1)),
  edit('is cut to nothing', () => new Uint8Array()),
  edit('is longer by one byte', (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
  edit('stands there twice in a row', (bytes) => Buffer.concat([bytes, bytes]), rare),
  edit('is longer by a megabyte', (bytes) => Buffer.concat([bytes, randomBytes(1 << 20)]), rare),
  edit('is random bytes of the same length', (bytes) => randomBytes(bytes.length)),
  edit('is zeros of the same length', (bytes) => Buffer.alloc(bytes.length), rare),
  {
    title: 'is exchanged with another one of its kind',
    leavesBytes: true,
    apply: (store, target, { sameKind }) => {
      exchange(store, target, sameKind);
    },
  },
  {
    title: 'is exchanged with one of another kind',
    leavesBytes: true,
    apply: (store, target, { otherKind }) => {
      exchange(store, target, otherKind);
    },
  },
  {
    title: 'is a copy of another one of its kind',
    leavesBytes: true,
    isRare: true,
    apply: (store, target, { sameKind }) => {
      store.write(target, store.read(sameKind));
    },
  },
  {
    title: 'is what stands there in another vault',
    leavesBytes: true,
    apply: (store, target, { otherVault }) => {
      store.write(target, otherVault);
    },
  },
  {
    title: 'is gone',
    leavesBytes: false,
    apply: (store, target) => {
      store.remove(target);
    },
  },
];

function edit(title: string, change: (bytes: Buffer) => Uint8Array, rarity: Rarity = {}): StoreEdit {
  return {
    title,
    leavesBytes: true,
    ...rarity,
    apply: (store, target) => {
      store.write(target, change(store.read(target)));
    },
  };
}

function exchange(store: StoreFolder, one: string, other: string): void {
  const [first, second] = [store.read(one), store.read(other)];
  if (first.equals(second)) throw new Error(`${one} and ${other} are the same`);
  store.write(one, second);
  store.write(other, first);
}
