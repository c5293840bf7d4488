import { expect, test } from 'vitest';
import type { Failure } from '../../src/base/failure.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { fetchChunks, type ChunkTarget } from '../../src/engine/content/fetch-chunks.ts';
import type { OpenJob } from '../../src/engine/content/workshop.ts';
import type { FoundChunk } from '../../src/index/chunk-table.ts';
import type { ChunkId, PackId } from '../../src/model/ids.ts';

const chunkBytes = 100;
const { signal } = new AbortController();

function placeOf(chunk: string, pack: string, ordinal: number): FoundChunk {
  const offset = ordinal * chunkBytes;
  const sizes = { offset, sealedBytes: chunkBytes, plainBytes: 9, packBytes: 1000 };
  return { chunk: chunk as ChunkId, pack: pack as PackId, epoch: 1, ordinal, trust: 'told', ...sizes };
}

/** A store whose packs hold what they should but for these places ('pack/ordinal'). */
function world(places: readonly FoundChunk[], damaged: readonly string[]): { readonly parts: EngineParts; readonly opened: FoundChunk[] } {
  const opened: FoundChunk[] = [];
  const open = ({ pack, chunks }: OpenJob): unknown =>
    chunks.map(({ place, ordinal }) =>
      damaged.includes(`${pack}/${ordinal}`)
        ? { code: 'E_TAMPER', message: 'does not open', isLie: false }
        : new TextEncoder().encode(`${place.chunk} ${pack}`),
    );
  const parts = {
    index: {
      chunks: {
        findAll: (chunk: ChunkId) => places.filter((place) => place.chunk === chunk),
        markAllOpened: (found: readonly FoundChunk[]) => void opened.push(...found),
      },
    },
    packs: { read: (_: unknown, take: (bytes: Uint8Array) => unknown) => take(new Uint8Array(1000)) },
    workshop: {
      open: (job: OpenJob) => Promise.resolve(open(job)),
      giveBack: (chunks: readonly unknown[]) => {
        for (const chunk of chunks) if (chunk instanceof Uint8Array) chunk.fill(0);
      },
    },
  } as unknown as EngineParts;
  return { parts, opened };
}

function targetsOf(places: readonly FoundChunk[], told: string[]): ChunkTarget[] {
  return places.map((place) => ({
    place,
    deliver: (plain) => Promise.resolve(void told.push(new TextDecoder().decode(plain))),
    failed: ({ code }: Failure) => void told.push(`${place.chunk} ${code}`),
  }));
}

test('what is read together with a chunk that is had elsewhere comes from where it was read', async () => {
  const [a, b, elsewhere] = [placeOf('a', 'p', 0), placeOf('b', 'p', 1), placeOf('b', 'q', 0)];
  const { parts, opened } = world([a, b, elsewhere], ['p/1']);
  const told: string[] = [];
  await fetchChunks(parts, targetsOf([a, b], told), signal);
  expect(told).toEqual(['a p', 'b q']);
  expect(opened).toEqual([a, elsewhere]);
});

test('what is read together with a chunk that is nowhere comes nevertheless, and the failure is thrown', async () => {
  const [a, b] = [placeOf('a', 'p', 0), placeOf('b', 'p', 1)];
  const { parts, opened } = world([a, b], ['p/1']);
  const told: string[] = [];
  await expect(fetchChunks(parts, targetsOf([a, b], told), signal)).rejects.toThrow('does not open');
  expect(told).toEqual(['a p', 'b E_TAMPER']);
  expect(opened).toEqual([a]);
});

test('what one device says of the size of a pack does not count for the chunks that another one has put there', async () => {
  const a = placeOf('a', 'p', 3);
  const b = { ...placeOf('b', 'p', 0), packBytes: 100 };
  const { parts } = world([a, b], []);
  const told: string[] = [];
  await fetchChunks(parts, targetsOf([b, a], told), signal);
  expect(told.toSorted()).toEqual(['a p', 'b p']);
});
