/** Changes of inputs that were valid: of any bytes, of texts, and of CBOR by its structure. */
import { decode, encode, type Wire } from '../attack/insider-cbor.ts';
import type { Dice } from './dice.ts';

const oddNumbers = [
  0,
  1,
  2,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  -1,
  -24,
  -25,
  -256,
  -(2 ** 53) + 1,
];
const oddBytes = [0x00, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xff, 0x1b, 0x3b, 0x5b, 0x9b];
const oddTexts = [
  '..',
  '/',
  '\0',
  '\u202e',
  '\ud800',
  '%2e%2e',
  '__proto__',
  'constructor',
  '\\',
  '"',
  '{',
  '[',
  '<!DOCTYPE',
  '&x;',
  '😀',
  '-1',
  '1e999',
];

/** One to four changes. `others`: inputs of the same kind, to take pieces from. */
export function mutate(bytes: Uint8Array, others: readonly Uint8Array[], dice: Dice): Uint8Array {
  let changed: Uint8Array = dice.isLucky(60) ? mutateStructure(bytes, dice) : bytes;
  for (let count = dice.below(4); count > 0; count -= 1) changed = mutateBytes(changed, others, dice);
  return changed;
}

function mutateBytes(bytes: Uint8Array, others: readonly Uint8Array[], dice: Dice): Uint8Array {
  const at = dice.below(bytes.length + 1);
  const piece = dice.of(others);
  const cut = dice.below(piece.length + 1);
  const ways: (() => Uint8Array)[] = [
    () => bytes.map((byte, index) => (index === at ? byte ^ (1 << dice.below(8)) : byte)),
    () => bytes.map((byte, index) => (index === at ? dice.of(oddBytes) : byte)),
    () => join(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + dice.below(16)))),
    () => join(bytes.subarray(0, at), Uint8Array.of(dice.of(oddBytes)), bytes.subarray(at)),
    () => bytes.subarray(0, at),
    () => join(bytes.subarray(0, at), piece.subarray(cut)),
    () => join(bytes.subarray(0, at), piece.subarray(cut, cut + dice.below(64)), bytes.subarray(at)),
    () => join(bytes.subarray(0, at), Buffer.from(dice.of(oddTexts)), bytes.subarray(at)),
    () => join(bytes, Uint8Array.of(dice.below(256))),
    () => join(bytes.subarray(0, at), Buffer.alloc(1 + dice.below(2_000), dice.below(256)), bytes.subarray(at)),
  ];
  return dice.of(ways)();
}

/** Where it is CBOR: a place of its tree becomes something else, and it is encoded again, properly. */
function mutateStructure(bytes: Uint8Array, dice: Dice): Uint8Array {
  let tree: Wire;
  try {
    tree = decode(bytes);
  } catch {
    return bytes;
  }
  return encode(mutateAt(tree, dice));
}

function mutateAt(value: Wire, dice: Dice): Wire {
  if (value instanceof Uint8Array && value.length > 2 && dice.isLucky(40)) return mutateStructure(value, dice);
  if (!Array.isArray(value) || value.length === 0 || dice.isLucky(15)) return otherValue(value, dice);
  const items = [...(value as readonly Wire[])];
  const at = dice.below(items.length);
  const item = items[at] ?? null;
  const ways: (() => readonly Wire[])[] = [
    () => items.with(at, mutateAt(item, dice)),
    () => items.with(at, mutateAt(item, dice)),
    () => items.with(at, mutateAt(item, dice)),
    () => items.toSpliced(at, 1),
    () => items.toSpliced(at, 0, item),
    () => items.with(at, dice.of(items)),
    () => items.toReversed(),
    () => [...items, dice.of(items)],
  ];
  return dice.of(ways)();
}

function otherValue(value: Wire, dice: Dice): Wire {
  const size = value instanceof Uint8Array ? value.length : 16;
  const values: readonly Wire[] = [
    null,
    true,
    false,
    dice.of(oddNumbers),
    dice.of(oddNumbers),
    typeof value === 'number' ? value + 1 : 7,
    typeof value === 'number' ? value - 1 : -7,
    Buffer.alloc(0),
    Buffer.alloc(size),
    Buffer.alloc(size + 1, 0xff),
    Buffer.alloc(dice.below(40), dice.below(256)),
    Buffer.from(dice.of(oddTexts)),
    [],
    [value],
    [value, value],
  ];
  return dice.of(values);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
