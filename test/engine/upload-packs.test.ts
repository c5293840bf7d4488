import { expect, test } from 'vitest';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { PackUploads } from '../../src/engine/content/upload-packs.ts';
import type { FullPack } from '../../src/engine/content/workshop.ts';
import { parseId } from '../../src/model/ids.ts';

interface Rig {
  readonly uploads: PackUploads;
  /** What ends each upload under way, first begun first. */
  readonly ends: ((failure?: Error) => void)[];
  /** Packs that the index was told of. */
  readonly registered: string[];
}

function makeRig(): Rig {
  const ends: Rig['ends'] = [];
  const registered: string[] = [];
  const packs = {
    put: async () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.push((failure) => {
        if (failure === undefined) resolve();
        else reject(failure);
      });
      await promise;
    },
  };
  const chunks = { registerPack: ({ pack }: FullPack['directory']) => registered.push(pack), trusted: () => false };
  const parts = { packs, index: { chunks, transaction: <T>(act: () => T): T => act() } } as unknown as EngineParts;
  return { uploads: new PackUploads(parts, new AbortController().signal), ends, registered };
}

function packOf(digit: string): FullPack {
  return {
    directory: { pack: parseId('PackId', digit.repeat(32)), epoch: 1, sizeBytes: 10, chunks: [] },
    parts: [],
    stored: () => undefined,
  };
}

/** Whatever can go on has gone on. */
async function letGoOn(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test('three packs are on their way at once, however many wait for a place', async () => {
  const { uploads, ends } = makeRig();
  const taken = Promise.all(['1', '2', '3', '4', '5', '6'].map((digit) => uploads.takePack(packOf(digit))));
  const settled = taken.then(() => uploads.settle());
  const underWay: number[] = [];
  for (let stored = 0; stored < 6; stored += 1) {
    await letGoOn();
    underWay.push(ends.length);
    ends.shift()?.();
  }
  await settled;
  expect(underWay).toEqual([3, 3, 3, 3, 2, 1]);
  expect(uploads.bytesStored).toBe(60);
});

test('the next chunks are made beside packs that are on their way, until one has to wait', async () => {
  const { uploads, ends } = makeRig();
  for (const digit of ['1', '2', '3']) await uploads.takePack(packOf(digit));
  await expect(uploads.claimChunks([parseId('ChunkId', 'a'.repeat(64))])).resolves.toEqual([true]);
  const waiting = uploads.takePack(packOf('4'));
  let isClaimed = false;
  const claimed = uploads.claimChunks([parseId('ChunkId', 'b'.repeat(64))]).then(() => (isClaimed = true));
  await letGoOn();
  expect(isClaimed).toBe(false);
  ends.shift()?.();
  await waiting;
  await claimed;
  expect(isClaimed).toBe(true);
  for (const end of ends) end();
  await uploads.settle();
});

test('a pack is known once the store has it, and what one was refused with ends the upload', async () => {
  const { uploads, ends, registered } = makeRig();
  for (const digit of ['1', '2']) await uploads.takePack(packOf(digit));
  let isSettled = false;
  const settled = uploads.settle().finally(() => (isSettled = true));
  await letGoOn();
  expect({ registered, isSettled }).toEqual({ registered: [], isSettled: false });
  ends[1]?.();
  await letGoOn();
  expect({ registered, isSettled }).toEqual({ registered: ['2'.repeat(32)], isSettled: false });
  ends[0]?.(new Error('the store is full'));
  await expect(settled).rejects.toThrow('the store is full');
  await expect(uploads.takePack(packOf('3'))).rejects.toThrow('the store is full');
  expect(registered).toEqual(['2'.repeat(32)]);
});
