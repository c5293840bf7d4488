/** One entry with every kind of change in it, the same in every run. */
import { toHex } from '../../../src/base/bytes.ts';
import type { EntryBody, EntryHeader } from '../../../src/model/change.ts';
import { type ChunkId, type ContentId, entryName, parseId, versionOf } from '../../../src/model/ids.ts';
import { nameFromBytes } from '../../../src/model/name.ts';
import { bytesOf } from '../../crypto/fixed-random.ts';

type IdKind = Parameters<typeof parseId>[0];

const id = <Kind extends IdKind>(kind: Kind, seed: string, bytes: 16 | 32): ReturnType<typeof parseId<Kind>> =>
  parseId(kind, toHex(bytesOf(seed, bytes)));
export const nodeId = (seed: string): ReturnType<typeof parseId<'NodeId'>> => id('NodeId', seed, 16);
export const deviceId = (seed: string): ReturnType<typeof parseId<'DeviceId'>> => id('DeviceId', seed, 16);
export const packId = (seed: string): ReturnType<typeof parseId<'PackId'>> => id('PackId', seed, 16);
export const chunkId = (seed: string): ChunkId => id('ChunkId', seed, 32);
export const contentId = (seed: string): ContentId => id('ContentId', seed, 32);
export const name = (text: string): ReturnType<typeof nameFromBytes> => nameFromBytes(new TextEncoder().encode(text));

export const sampleName = entryName(42, '00112233445566ff');
const upon = versionOf(entryName(41, 'fedcba9876543210'), 17);
const seen = new Map([
  [deviceId('laptop'), { counter: 8, hash: id('EntryHash', 'laptop 8', 32) }],
  [deviceId('desk'), { counter: 4, hash: id('EntryHash', 'desk 4', 32) }],
]);
const parent = nodeId('folder');

export const sampleHeader: Omit<EntryHeader, 'bodyHash'> = {
  name: sampleName,
  lamport: 42,
  epoch: 3,
  device: deviceId('laptop'),
  counter: 9,
  previous: id('EntryHash', 'laptop 8', 32),
  seen,
  keyList: id('KeyListHash', 'key list', 32),
  root: id('StateRoot', 'root', 32),
  timeMs: 1_795_000_000_000,
};

const single = contentId('single');
export const sampleBody: EntryBody = {
  groups: [
    [{ do: 'put', node: parent, upon: undefined, state: { kind: 'folder', parent: nodeId('top'), name: name('Fotos') } }],
    [
      {
        do: 'put',
        node: nodeId('file'),
        upon,
        state: {
          kind: 'file',
          parent,
          name: nameFromBytes(Uint8Array.of(0x61, 0xff, 0x62)),
          content: { epoch: 3, id: single, sizeBytes: 5000, chunks: [single as string as ChunkId], listChunks: [] },
          mtimeUs: -1_000_001,
          executable: true,
          fromOutside: false,
        },
      },
      { do: 'remove', node: nodeId('old'), upon },
    ],
    [
      {
        do: 'put',
        node: nodeId('film'),
        upon: undefined,
        state: {
          kind: 'file',
          parent,
          name: name('film'),
          content: { epoch: 2, id: contentId('film'), sizeBytes: 2_000_000, chunks: [chunkId('a'), chunkId('b')], listChunks: [] },
          mtimeUs: 1_795_000_000_000_000,
          executable: false,
          fromOutside: false,
        },
      },
    ],
    [
      {
        do: 'put',
        node: nodeId('disk'),
        upon: undefined,
        state: {
          kind: 'file',
          parent,
          name: name('disk image'),
          content: { epoch: 3, id: contentId('disk'), sizeBytes: 2 ** 33, chunks: [], listChunks: [chunkId('list')] },
          mtimeUs: 0,
          executable: false,
          fromOutside: false,
        },
      },
    ],
    [
      {
        do: 'put',
        node: nodeId('link'),
        upon: undefined,
        state: { kind: 'link', parent, name: name('link'), target: '../elsewhere', mtimeUs: 7 },
      },
    ],
    [{ do: 'move', node: nodeId('moved'), upon, parent, name: name('moved') }],
    [
      {
        do: 'conflict',
        copy: nodeId('copy'),
        of: nodeId('file'),
        madeBy: deviceId('desk'),
        ancestor: { epoch: 3, id: single, sizeBytes: 5000 },
      },
    ],
    [{ do: 'settle', copy: nodeId('copy'), keep: 'both' }],
    [{ do: 'checkpoint', lamport: 40, vector: seen, root: id('StateRoot', 'root', 32), snapshot: 'snapshots/0123456789abcdef' }],
    [{ do: 'skip', entry: entryName(39, '8888888888888888') }],
    [{ do: 'retention', days: 30 }],
    [{ do: 'pack-plan', packs: [packId('dead'), packId('gone')], notBeforeMs: 1_796_000_000_000 }],
  ],
  packs: [
    {
      pack: packId('pack'),
      epoch: 3,
      sizeBytes: 16_384,
      chunks: [
        { chunk: single as string as ChunkId, offset: 10, sealedBytes: 2077, plainBytes: 5000 },
        { chunk: chunkId('a'), offset: 2087, sealedBytes: 1077, plainBytes: 1000 },
      ],
    },
  ],
};
