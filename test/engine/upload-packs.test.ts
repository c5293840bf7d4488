import { expect, test } from 'vitest';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { PackUploads } from '../../src/engine/upload-packs.ts';
import type { FullPack } from '../../src/engine/workshop.ts';
import { parseId } from '../../src/model/ids.ts';

test('two packs are on their way at once, however many wait for a place', async () => {
  const ends: (() => void)[] = [];
  let most = 0;
  const packs = {
    put: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.push(resolve);
      most = Math.max(most, ends.length);
      await promise;
    },
  };
  const parts = { packs, index: { chunks: { registerPack: () => undefined } } } as unknown as EngineParts;
  const uploads = new PackUploads(parts, new AbortController().signal);
  const pack = (digit: string): FullPack => ({
    directory: { pack: parseId('PackId', digit.repeat(32)), epoch: 1, sizeBytes: 10, chunks: [] },
    parts: [],
    stored: () => undefined,
  });
  const taken = Promise.all(['1', '2', '3', '4', '5'].map((digit) => uploads.takePack(pack(digit))));
  const settled = taken.then(() => uploads.settle());
  for (let stored = 0; stored < 5; stored += 1) {
    while (ends.length === 0) await Promise.resolve();
    ends.shift()?.();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  await settled;
  expect(most).toBe(2);
  expect(uploads.bytesStored).toBe(50);
});
