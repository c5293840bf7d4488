/** Bodies of every shape that the model allows, for properties. */
import fc from 'fast-check';
import { toHex } from '../../../src/base/bytes.ts';
import type { Change, ChunkPlace, EntryBody, PackDirectory, PutState, SeenVector } from '../../../src/model/change.ts';
import { type ChunkId, entryName, parseId, type PackId, versionOf } from '../../../src/model/ids.ts';
import type { Content, ContentRef } from '../../../src/model/node.ts';
import { nameFromBytes } from '../../../src/model/name.ts';
import { padme } from '../../../src/crypto/padding.ts';
import { limits } from '../../../src/model/limits.ts';

type IdKind = Parameters<typeof parseId>[0];

const hex = (bytes: number): fc.Arbitrary<string> => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex);
const id16 = <Kind extends IdKind>(kind: Kind): fc.Arbitrary<ReturnType<typeof parseId<Kind>>> =>
  hex(16).map((text) => parseId(kind, text));
const id32 = <Kind extends IdKind>(kind: Kind): fc.Arbitrary<ReturnType<typeof parseId<Kind>>> =>
  hex(32).map((text) => parseId(kind, text));
const lamport = fc.integer({ min: 1, max: limits.lamportMax });
const epoch = fc.integer({ min: 1, max: limits.epochMax });
const entry = fc.tuple(lamport, hex(8)).map(([number, tag]) => entryName(number, tag));
const version = fc.tuple(entry, fc.nat(65_535)).map(([name, index]) => versionOf(name, index));
/** Any bytes, and those that no disk would take. */
export const anyName = fc
  .oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
    fc.constantFrom('..', '.', '', 'a/b', '\0').map((text) => new TextEncoder().encode(text)),
  )
  .map(nameFromBytes);
const time = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const contentRef: fc.Arbitrary<ContentRef> = fc.record({ epoch, sizeBytes: fc.nat(2 ** 40), id: id32('ContentId') });

const content: fc.Arbitrary<Content> = fc.oneof(
  fc.record({ epoch, id: id32('ContentId') }).map((ref) => ({ ...ref, sizeBytes: 0, chunks: [], listChunks: [] })),
  fc.record({ epoch, id: id32('ContentId'), sizeBytes: fc.integer({ min: 1, max: limits.chunkMaxBytes }) }).map((ref) => ({
    ...ref,
    chunks: [ref.id as string as ChunkId],
    listChunks: [],
  })),
  fc.record({ epoch, id: id32('ContentId'), chunks: fc.array(id32('ChunkId'), { minLength: 2, maxLength: 64 }) }).map((parts) => ({
    ...parts,
    sizeBytes: parts.chunks.length * 300_000,
    listChunks: [],
  })),
  fc.record({ epoch, id: id32('ContentId'), listChunks: fc.array(id32('ChunkId'), { minLength: 1, maxLength: 64 }) }).map((parts) => ({
    ...parts,
    sizeBytes: parts.listChunks.length * 131_072 * 1_000_000,
    chunks: [],
  })),
);

const place = { parent: id16('NodeId'), name: anyName };
export const anyState: fc.Arbitrary<PutState> = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), ...place, content, mtimeUs: time, executable: fc.boolean(), fromOutside: fc.boolean() }),
  fc.record({ kind: fc.constant('folder' as const), ...place }),
  fc.record({ kind: fc.constant('link' as const), ...place, target: anyName, mtimeUs: time }),
);

export const anyVector: fc.Arbitrary<SeenVector> = fc
  .uniqueArray(
    fc.tuple(id16('DeviceId'), fc.record({ counter: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), hash: id32('EntryHash') })),
    {
      maxLength: 5,
      selector: ([device]) => device,
    },
  )
  .map((rows) => new Map(rows));

const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined });
const kind = <Do extends string>(name: Do): fc.Arbitrary<Do> => fc.constant(name);

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: kind('put'), node: id16('NodeId'), upon: optional(version), state: anyState }) },
  fc.record({ do: kind('move'), node: id16('NodeId'), upon: version, ...place }),
  fc.record({ do: kind('remove'), node: id16('NodeId'), upon: version }),
  fc.record({ do: kind('conflict'), copy: id16('NodeId'), of: id16('NodeId'), madeBy: id16('DeviceId'), ancestor: optional(contentRef) }),
  fc.record({ do: kind('settle'), copy: id16('NodeId'), keep: fc.constantFrom('local' as const, 'remote' as const, 'both' as const) }),
  fc.record({
    do: kind('checkpoint'),
    lamport,
    vector: anyVector,
    root: id32('StateRoot'),
    snapshot: optional(hex(8).map((tag) => `snapshots/${tag}`)),
  }),
  fc.record({ do: kind('skip'), entry }),
  fc.record({ do: kind('retention'), days: fc.nat(100_000) }),
  fc.record({
    do: kind('pack-plan'),
    packs: fc.array(id16('PackId'), { maxLength: 5 }),
    notBeforeMs: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  }),
);

const anyPack: fc.Arbitrary<PackDirectory> = fc
  .record({
    pack: id16('PackId'),
    epoch,
    rows: fc.array(fc.tuple(id32('ChunkId'), fc.integer({ min: 1, max: 200_000 }), fc.nat(100)), { maxLength: 20 }),
  })
  .map(({ pack, epoch: of, rows }) => {
    let offset = 10;
    const chunks = rows.map(([chunk, plainBytes, saved]): ChunkPlace => {
      const sealedBytes = 76 + Math.max(2, 1 + plainBytes - saved);
      const row = { chunk, offset, sealedBytes, plainBytes };
      offset += sealedBytes;
      return row;
    });
    return { pack, epoch: of, sizeBytes: Math.max(16_384, padme(offset + 76 + 40 * rows.length + 128)), chunks };
  });

export const anyBody: fc.Arbitrary<EntryBody> = fc.record({
  groups: fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { maxLength: 10 }),
  packs: fc.uniqueArray(anyPack, { maxLength: 3, selector: ({ pack }): PackId => pack }),
});
