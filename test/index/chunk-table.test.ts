import { describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { PackDirectory } from '../../src/model/change.ts';
import type { ContentId } from '../../src/model/ids.ts';
import { chunkId, contentOf, packId } from './sample-nodes.ts';

const open = (): SyncIndex => SyncIndex.open(':memory:');
const place = (seed: string | number, offset: number): PackDirectory['chunks'][number] => ({
  chunk: chunkId(seed),
  offset,
  sealedBytes: 176,
  plainBytes: 100,
});

function packOf(seed: string | number, chunks: readonly (string | number)[]): PackDirectory {
  return { pack: packId(seed), epoch: 3, sizeBytes: 16_384, chunks: chunks.map((chunk, at) => place(chunk, 10 + at * 176)) };
}

describe('the chunk table', () => {
  test('says where a chunk is', () => {
    const { chunks } = open();
    chunks.registerPack(packOf('p', ['a', 'b']), 'committed', 'told');
    expect(chunks.find(chunkId('b'))).toEqual({
      ...place('b', 186),
      pack: packId('p'),
      epoch: 3,
      ordinal: 1,
      packBytes: 16_384,
      trust: 'told',
    });
    expect(chunks.find(chunkId('c'))).toBeUndefined();
    expect(chunks.findPack(packId('p'))).toEqual(packOf('p', ['a', 'b']));
    expect(chunks.findPack(packId('q'))).toBeUndefined();
  });

  test('prefers a place of its own, then one that was opened, then the first that it was told', () => {
    const { chunks } = open();
    for (const pack of ['first', 'second', 'third']) chunks.registerPack(packOf(pack, ['a']), 'committed', 'told');
    const packs = (): unknown[] => chunks.findAll(chunkId('a'), 10).map((found) => [found.pack, found.trust]);
    expect(packs()).toEqual([
      [packId('first'), 'told'],
      [packId('second'), 'told'],
      [packId('third'), 'told'],
    ]);
    expect(chunks.trusted(chunkId('a'))).toBe(false);
    chunks.markOpened(chunkId('a'), chunks.findAll(chunkId('a'), 10)[1]);
    expect(packs()).toEqual([
      [packId('second'), 'opened'],
      [packId('first'), 'told'],
      [packId('third'), 'told'],
    ]);
    expect(chunks.trusted(chunkId('a'))).toBe(true);
    chunks.registerPack(packOf('fourth', ['a']), 'stored', 'own');
    expect(chunks.find(chunkId('a'))).toMatchObject({ pack: packId('fourth'), trust: 'own' });
    expect(chunks.findAll(chunkId('a'), 2)).toHaveLength(2);
  });

  test('takes only the best place for opened when none is named', () => {
    const { chunks } = open();
    chunks.registerPack(packOf('first', ['a', 'b']), 'committed', 'told');
    chunks.registerPack(packOf('second', ['a']), 'committed', 'told');
    chunks.markOpened(chunkId('a'));
    chunks.markOpened(chunkId('nobody'));
    expect(chunks.findAll(chunkId('a'), 5).map(({ trust }) => trust)).toEqual(['opened', 'told']);
    expect(chunks.trusted(chunkId('b'))).toBe(false);
  });

  test('never loses trust, nor the word of an entry, by being told again', () => {
    const { chunks } = open();
    chunks.registerPack(packOf('p', ['a', 'b']), 'stored', 'own');
    chunks.registerPack(packOf('p', ['a', 'b']), 'committed', 'told');
    chunks.registerPack(packOf('p', ['a', 'b']), 'stored', 'told');
    expect(chunks.find(chunkId('a'))?.trust).toBe('own');
    expect(chunks.findAll(chunkId('a'), 5)).toHaveLength(1);
    expect([...chunks.storedPacks()]).toEqual([]);
  });

  test('keeps two devices’ words about one pack apart', () => {
    const { chunks } = open();
    const honest = packOf('p', ['a', 'b']);
    const lies: PackDirectory[] = [
      { ...honest, epoch: 2 },
      { ...honest, sizeBytes: 20_000 },
      { ...honest, chunks: [place('b', 10), place('a', 186)] },
      { ...honest, chunks: [place('a', 11)] },
    ];
    for (const told of [...lies, honest]) chunks.registerPack(told, 'committed', 'told');
    const truth = { ...place('a', 10), pack: packId('p'), epoch: 3, ordinal: 0, packBytes: 16_384, trust: 'told' };
    const found = chunks.findAll(chunkId('a'), 10);
    expect(found).toHaveLength(5);
    expect(found).toContainEqual(truth);
    chunks.markOpened(
      chunkId('a'),
      found.find((one) => one.epoch === 3 && one.packBytes === 16_384 && one.offset === 10),
    );
    expect(chunks.find(chunkId('a'))).toEqual({ ...truth, trust: 'opened' });
    expect(chunks.findAll(chunkId('a'), 10).filter(({ trust }) => trust === 'opened')).toHaveLength(1);
  });

  test('lists packs that no entry names yet, whole and in order', () => {
    const { chunks } = open();
    const packs = [packOf('z', ['a', 'b', 'c']), packOf('y', []), packOf('x', ['a'])];
    for (const pack of packs) chunks.registerPack(pack, 'stored', 'own');
    chunks.registerPack(packOf('other', ['d']), 'committed', 'told');
    expect([...chunks.storedPacks()]).toEqual(packs);
    chunks.markCommitted([packId('y'), packId('nobody')]);
    expect([...chunks.storedPacks()]).toEqual([packs[0], packs[2]]);
  });

  test('forgets packs that are gone, with their chunks', () => {
    const { chunks } = open();
    chunks.registerPack(packOf('p', ['a', 'b']), 'committed', 'own');
    chunks.registerPack(packOf('q', ['b']), 'committed', 'told');
    chunks.forgetPacks([packId('p'), packId('nobody')]);
    expect(chunks.find(chunkId('a'))).toBeUndefined();
    expect(chunks.find(chunkId('b'))?.pack).toBe(packId('q'));
    expect(chunks.trusted(chunkId('b'))).toBe(false);
    expect(chunks.findPack(packId('p'))).toBeUndefined();
  });
});

describe('the content table', () => {
  const ref = contentOf('some');
  const [one, two, list] = [chunkId(1), chunkId(2), chunkId('list')];

  test('gives contents back as they were written', () => {
    const { contents } = open();
    const alone = { ...ref, id: one as string as ContentId, chunks: [one], listChunks: [] };
    const written = [
      { ...contentOf('none'), chunks: [], listChunks: [] },
      { ...contentOf('two'), chunks: [one, two, one], listChunks: [] },
      { ...contentOf('many'), chunks: [two], listChunks: [list, one] },
      alone,
    ];
    for (const content of written) contents.write(content);
    for (const content of written) expect(contents.find(content.id)).toStrictEqual(content);
    contents.erase(alone.id);
    expect(contents.find(alone.id)).toBeUndefined();
  });

  test('learns the chunks of a content later, and never forgets them', () => {
    const { contents } = open();
    const bare = { ...ref, chunks: [], listChunks: [list] };
    const known = { ...bare, chunks: [one, two] };
    contents.write(bare);
    expect(contents.find(ref.id)).toEqual(bare);
    contents.write(known);
    contents.write(bare);
    contents.write({ ...known, chunks: [two], listChunks: [] });
    expect(contents.find(ref.id)).toEqual(known);
  });
});
