import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import type { Change, EntryBody } from '../../../src/model/change.ts';
import { entryName, type NodeId, versionOf } from '../../../src/model/ids.ts';
import type { NodeName } from '../../../src/model/name.ts';
import { encode, type CborValue } from '../../../src/vault/cbor.ts';
import { groupSizeBound, packSizeBound } from '../../../src/vault/entry/body-size.ts';
import { encodeBody } from '../../../src/vault/entry/encode-body.ts';
import { parseBody } from '../../../src/vault/entry/parse-body.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { anyBody, anyChange } from './arbitrary-body.ts';

const node = 'ab'.repeat(16) as NodeId;
const upon = versionOf(entryName(7, '0123456789abcdef'), 3);
const removal: Change = { do: 'remove', node, upon };
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const id16 = new Uint8Array(16).fill(1);
const id32 = new Uint8Array(32).fill(2);
const wholeContent = [1, 1, id32, new Uint8Array(0), new Uint8Array(0)];
const wireUpon = [7, bytesOf('0123456789abcdef'), 3];

/** The body with this one group as it stands on the wire. */
const bodyOf = (group: CborValue): Uint8Array => encode([1, [group], []]);
const packed = (pack: CborValue): Uint8Array => encode([1, [], [pack]]);
const folder = (name: string): Change => ({
  do: 'put',
  node,
  upon: undefined,
  state: { kind: 'folder', parent: node, name: name as NodeName },
});

describe('the body of an entry', () => {
  test('is read back as it was written, byte for byte', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const bytes = encodeBody(body);
        const again = parseBody(bytes);
        expect(again).toEqual(body);
        expect(toHex(encodeBody(again))).toBe(toHex(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test('never takes more room than authors were told', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const empty = encodeBody({ groups: [], packs: [] }).byteLength + 10;
        const groups = body.groups.reduce((sum, group) => sum + groupSizeBound(group), 0);
        const packs = body.packs.reduce((sum, pack) => sum + packSizeBound(pack), 0);
        expect(encodeBody(body).byteLength).toBeLessThanOrEqual(empty + groups + packs);
      }),
      { numRuns: 200 },
    );
  });

  test('is never read from bytes that were changed into something else unnoticed', () => {
    fc.assert(
      fc.property(anyBody, fc.nat(), fc.nat(7), (body, at, bit) => {
        const bytes = encodeBody(body);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        let again: EntryBody;
        try {
          again = parseBody(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'Failure', code: expect.stringMatching(/^E_(FORMAT|LIMIT)$/) as unknown });
          return;
        }
        expect(toHex(encodeBody(again))).toBe(toHex(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('carries names that no disk may hold, so that they stop nothing but themselves', () => {
    const names = ['..', '.', '', 'a/b', '/etc/passwd', 'C:\\x', '\0', 'x'.repeat(16 * 1024), '\udcff', '\u202egpj.exe', 'CON'];
    const body: EntryBody = { groups: names.map((name) => [folder(name)]), packs: [] };
    expect(parseBody(encodeBody(body))).toEqual(body);
  });

  test('carries no name or link text above 16 KiB', () => {
    const name = 'x'.repeat(16 * 1024 + 1);
    expect(failureCode(() => encodeBody({ groups: [[folder(name)]], packs: [] }))).toBe('E_LIMIT');
    const put = (state: CborValue): Uint8Array => bodyOf([1, id16, null, state]);
    const text = new Uint8Array(16 * 1024 + 1);
    expect(failureCode(() => parseBody(put([2, id16, text])))).toBe('E_LIMIT');
    expect(failureCode(() => parseBody(put([3, id16, new Uint8Array(1), text, 0])))).toBe('E_LIMIT');
    expect(failureCode(() => parseBody(put([2, id16, text.subarray(1)])))).toBe('no failure');
  });

  test('holds 20,000 changes and no more, however they are grouped', () => {
    const alone = Array.from({ length: 20_000 }, () => [removal]);
    const together = [alone.flat()];
    for (const groups of [alone, together]) expect(parseBody(encodeBody({ groups, packs: [] })).groups).toEqual(groups);
    for (const groups of [[...alone, [removal]], [[...together.flat(), removal]], [...together, [removal]]]) {
      expect(failureCode(() => encodeBody({ groups, packs: [] }))).toBe('E_LIMIT');
    }
    const wire = [3, id16, wireUpon];
    const many = Array.from({ length: 20_000 }, () => wire);
    for (const groups of [[...many, wire], [[...many, wire]], [many, wire], [many, [wire, wire]]]) {
      expect(failureCode(() => parseBody(encode([1, groups, []])))).toBe('E_LIMIT');
    }
  });

  test('holds 7 MiB and no more', () => {
    const large = Array.from({ length: 460 }, (_, index) => [folder(String(index).padStart(16 * 1024, 'x'))]);
    expect(failureCode(() => encodeBody({ groups: large, packs: [] }))).toBe('E_LIMIT');
    expect(failureCode(() => encodeBody({ groups: large.slice(0, 440), packs: [] }))).toBe('no failure');
    expect(failureCode(() => parseBody(new Uint8Array(7 * 1024 * 1024)))).toBe('E_LIMIT');
  });
});

describe('a body is refused', () => {
  test.each<readonly [string, Uint8Array]>([
    ['of a later version', encode([2, [], []])],
    ['with a field more', encode([1, [], [], 0])],
    ['with a field less', encode([1, []])],
    ['that is no list', encode(1)],
    ['with something behind it', Uint8Array.of(...encode([1, [], []]), 0)],
    ['that is a map', bytesOf('a3000102800380')],
    ['with a map of __proto__ in a change', bytesOf('830181a1695f5f70726f746f5f5f8080')],
    ['with a map that says one key twice', bytesOf('830181a20101010280')],
    ['nested without end', Uint8Array.of(...bytesOf('8301'), ...new Uint8Array(100_000).fill(0x81))],
    ['with an indefinite list', bytesOf('83019fff80')],
    ['with a number in more bytes than it needs', bytesOf('8318018080')],
    ['with an unknown change', bodyOf([10, id16])],
    ['with a change numbered zero', bodyOf([0, id16])],
    ['with a change of no fields', bodyOf([])],
    ['with a group of one', bodyOf([[3, id16, wireUpon]])],
    ['with a group in a group', bodyOf([[[3, id16, wireUpon]], [[3, id16, wireUpon]]])],
    ['with a removal upon nothing', bodyOf([3, id16, null])],
    ['with a removal of fields more', bodyOf([3, id16, wireUpon, 0])],
    ['with a node id of 15 bytes', bodyOf([3, id16.subarray(1), wireUpon])],
    ['with a node id as text', bodyOf([3, 'ab'.repeat(16), wireUpon])],
    ['with a version of number 0', bodyOf([3, id16, [0, new Uint8Array(8), 0]])],
    ['with a version above all numbers', bodyOf([3, id16, [1e12, new Uint8Array(8), 0]])],
    ['with a version of index 65,536', bodyOf([3, id16, [1, new Uint8Array(8), 65_536]])],
    ['with a version of a long tag', bodyOf([3, id16, [1, new Uint8Array(9), 0]])],
    ['with a kind of node that is not known', bodyOf([1, id16, null, [5, id16, new Uint8Array(1), wholeContent, 0, false]])],
    ['with a file from outside that has the fields of a folder', bodyOf([1, id16, null, [4, id16, new Uint8Array(1)]])],
    [
      'with a file from outside that says so once more',
      bodyOf([1, id16, null, [4, id16, new Uint8Array(1), wholeContent, 0, false, true]]),
    ],
    ['with a name as text', bodyOf([1, id16, null, [2, id16, 'name']])],
    [
      'with a file in epoch 0',
      bodyOf([1, id16, null, [1, id16, new Uint8Array(1), [0, 1, id32, new Uint8Array(0), new Uint8Array(0)], 0, false]]),
    ],
    ['with a settlement of another kind', bodyOf([5, id16, 4])],
    ['with a snapshot that is not one', bodyOf([6, 1, [], id32, new Uint8Array(7)])],
    [
      'with a checkpoint of unsorted devices',
      bodyOf([
        6,
        1,
        [
          [id16, 1, id32],
          [new Uint8Array(16), 1, id32],
        ],
        id32,
        null,
      ]),
    ],
    [
      'with a checkpoint naming a device twice',
      bodyOf([
        6,
        1,
        [
          [id16, 1, id32],
          [id16, 2, id32],
        ],
        id32,
        null,
      ]),
    ],
    ['with a device at counter 0', bodyOf([6, 1, [[id16, 0, id32]], id32, null])],
    ['with retention before now', bodyOf([8, -1])],
    ['with a plan ending in the middle of a pack', bodyOf([9, new Uint8Array(17), 0])],
    [
      'with a pack twice',
      encode([
        1,
        [],
        [
          [id16, 1, 16_384, new Uint8Array(0)],
          [id16, 1, 16_384, new Uint8Array(0)],
        ],
      ]),
    ],
    ['with a pack below 16 KiB', packed([id16, 1, 16_383, new Uint8Array(0)])],
    ['with a table ending in the middle of a chunk', packed([id16, 1, 16_384, new Uint8Array(41)])],
  ])('%s', (_, bytes) => {
    expect(failureCode(() => parseBody(bytes))).toBe('E_FORMAT');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('and says that a newer Cachette may be needed where a change is unknown', () => {
    expect(() => parseBody(bodyOf([10]))).toThrow(
      expect.objectContaining({ code: 'E_FORMAT', action: expect.stringContaining('update Cachette') as unknown }) as Error,
    );
  });
});

describe('the packs of an entry', () => {
  const table = (...rows: readonly (readonly [sealed: number, plain: number])[]): Uint8Array => {
    const bytes = Buffer.alloc(40 * rows.length, 5);
    rows.forEach(([sealed, plain], row) => {
      bytes.writeUInt32BE(sealed, 40 * row + 32);
      bytes.writeUInt32BE(plain, 40 * row + 36);
    });
    return new Uint8Array(bytes);
  };

  test.each([
    ['a chunk without bytes', [77, 0], 'E_FORMAT'],
    ['a chunk too small for its seal', [77, 1], 'E_FORMAT'],
    ['a chunk that grew', [79, 1], 'E_FORMAT'],
    ['a chunk above 4 MiB', [1000, 4 * 1024 * 1024 + 1], 'E_LIMIT'],
    ['a chunk larger than the pack', [16_384, 16_384], 'E_FORMAT'],
    ['the smallest chunk', [78, 1], 'no failure'],
  ] as const)('are judged: %s', (_, row, code) => {
    expect(failureCode(() => parseBody(packed([id16, 1, 16_384, table(row)])))).toBe(code);
  });

  test('are at most 17 MiB each, of at most 20,000 chunks, at most 1,000', () => {
    expect(failureCode(() => parseBody(packed([id16, 1, 17 * 1024 * 1024 + 1, new Uint8Array(0)])))).toBe('E_LIMIT');
    expect(failureCode(() => parseBody(packed([id16, 1, 17 * 1024 * 1024, new Uint8Array(40 * 20_001)])))).toBe('E_LIMIT');
    const packs = Array.from({ length: 1001 }, () => 0);
    expect(failureCode(() => parseBody(encode([1, [], packs])))).toBe('E_LIMIT');
  });
});

describe('the content of a file', () => {
  const file = (content: CborValue): Uint8Array => bodyOf([1, id16, null, [1, id16, new Uint8Array(1), content, 0, false]]);
  const ids = (count: number): Uint8Array => new Uint8Array(32 * count).fill(3);

  test.each([
    ['empty', [1, 0, id32, ids(0), ids(0)], 'no failure'],
    ['of one chunk', [1, 1, id32, ids(0), ids(0)], 'no failure'],
    ['of one chunk of more than a chunk', [1, 4 * 1024 * 1024 + 1, id32, ids(0), ids(0)], 'E_FORMAT'],
    ['of one chunk written as a list', [1, 1, id32, ids(1), ids(0)], 'E_FORMAT'],
    ['of two chunks', [1, 300_000, id32, ids(2), ids(0)], 'no failure'],
    ['of two chunks and one byte', [1, 1, id32, ids(2), ids(0)], 'E_FORMAT'],
    ['of two chunks and more than these hold', [1, 8 * 1024 * 1024 + 1, id32, ids(2), ids(0)], 'E_FORMAT'],
    ['of 65 chunks in the change', [1, 70_000_000, id32, ids(65), ids(0)], 'E_LIMIT'],
    ['with both lists', [1, 70_000_000, id32, ids(2), ids(1)], 'E_FORMAT'],
    ['with a list chunk for nothing', [1, 0, id32, ids(0), ids(1)], 'E_FORMAT'],
    ['with a list chunk for 64 bytes', [1, 64, id32, ids(0), ids(1)], 'E_FORMAT'],
    ['with a list chunk', [1, 70_000_000, id32, ids(0), ids(1)], 'no failure'],
    ['with 65 list chunks', [1, 2 ** 45, id32, ids(0), ids(65)], 'E_LIMIT'],
    ['of uneven ids', [1, 300_000, id32, new Uint8Array(65), ids(0)], 'E_FORMAT'],
    ['of a negative size', [1, -1, id32, ids(0), ids(0)], 'E_FORMAT'],
  ] as const)('is judged: %s', (_, content, code) => {
    expect(failureCode(() => parseBody(file(content)))).toBe(code);
  });
});

test('the writer refuses what a reader would', () => {
  const bad = (group: readonly Change[]): string => failureCode(() => encodeBody({ groups: [group], packs: [] }));
  expect(bad([])).toBe('E_FAILED');
  fc.assert(
    fc.property(anyChange, (change) => {
      fc.pre(change.do === 'put' && change.state.kind === 'file' && change.state.content.chunks.length > 1);
      if (change.do !== 'put' || change.state.kind !== 'file') return;
      expect(bad([{ ...change, state: { ...change.state, content: { ...change.state.content, sizeBytes: 0 } } }])).toBe('E_FAILED');
    }),
    { numRuns: 10 },
  );
});
