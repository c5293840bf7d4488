import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toHex } from '../../../src/base/bytes.ts';
import { parseId } from '../../../src/model/ids.ts';
import { fetchManifest, readSnapshot } from '../../../src/vault/snapshot/read-snapshot.ts';
import type { SnapshotItem } from '../../../src/vault/snapshot/snapshot-item.ts';
import { writeSnapshot } from '../../../src/vault/snapshot/write-snapshot.ts';
import { providers } from '../../crypto/providers.ts';
import { hexBytes, readVectors, replayed, vaultOf, vectorVault } from '../chunk/vector-vault.ts';
import { plainJson } from '../entry/plain-json.ts';
import { contentOfRef } from './snapshot-world.ts';

const vectors = z
  .strictObject({
    ...vectorVault,
    claim: z.object({ name: z.string(), lamport: z.number(), root: z.string().transform((root) => parseId('StateRoot', root)) }),
    manifest: z.unknown(),
    tags: z.array(hexBytes),
    noise: z.array(hexBytes),
    tree: z.object({ nodes: z.unknown(), conflicts: z.unknown(), packs: z.unknown(), plans: z.unknown() }),
    contents: z.unknown(),
    objects: z.array(z.object({ name: z.string(), object: hexBytes })),
  })
  .parse(readVectors('snapshot-v1.json'));

describe.each(providers)('what version 1 of the format fixed, with %s', (_, primitives) => {
  const { sealing, keys } = vaultOf(vectors, primitives, vectors.noise);

  test('snapshots', async () => {
    const stored = new Map(vectors.objects.map(({ name, object }) => [name, object]));
    const access = { sealing, keysOf: () => keys, fetch: (name: string) => Promise.resolve(stored.get(name)) };
    const manifest = await fetchManifest(access, vectors.claim);
    expect(plainJson(manifest)).toEqual(vectors.manifest);
    const items: SnapshotItem[] = [];
    for await (const part of readSnapshot(access, vectors.claim, manifest)) items.push(...part);

    const nodes = items.flatMap((item) => (item.kind === 'node' ? [item.node] : []));
    const conflicts = items.flatMap((item) => (item.kind === 'conflict' ? [item.conflict] : []));
    const packs = items.flatMap((item) => (item.kind === 'pack' ? [item.directory] : []));
    const plans = items.flatMap((item) => (item.kind === 'plan' ? [item.plan] : []));
    expect(plainJson({ nodes, conflicts, packs, plans })).toEqual(vectors.tree);
    expect(plainJson(items.flatMap((item) => (item.kind === 'node' && item.content !== undefined ? [item.content] : [])))).toEqual(
      vectors.contents,
    );

    const source = { ...vectors.claim, retentionDays: manifest.retentionDays, nodes, conflicts, packs, plans, contentOf: contentOfRef };
    const objects = [...writeSnapshot({ sealing, keys, random: replayed(vectors.tags), reusable: [] }, source)];
    expect(objects.map(({ name, bytes }) => [name, toHex(bytes)])).toEqual(
      vectors.objects.map(({ name, object }) => [name, toHex(object)]),
    );
  });
});
