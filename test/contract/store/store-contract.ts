import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Store } from '../../../src/store/store.ts';

import { utf8 } from '../../../src/base/bytes.ts';

/** An empty store for one test, and how to get rid of it. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

const megabyte = 1024 * 1024;

/** What a store may be poor at. */
export interface StoreTraits {
  /** Whether a second put of a name is refused: always, unless both come at once, or never. */
  readonly refusesExisting: 'always' | 'one-by-one' | 'never';
  /** Its listings may miss what is new, and show what is gone, for as long as it likes. */
  readonly listsLate?: boolean;
  /** It can't give a part of an object that has none. */
  readonly failsAtEmpty?: boolean;
  /** Two that put one name at once may leave a mixture: harmless, as nobody but a vault's own devices puts a name, and each its own. */
  readonly mixesWriters?: boolean;
}

/** What every adapter and the fake must do: the comments of the Store port as tests. */
export function describeStoreContract(
  kind: string,
  open: () => Promise<StoreUnderTest>,
  { refusesExisting, listsLate = false, failsAtEmpty = false, mixesWriters = false }: StoreTraits = { refusesExisting: 'always' },
): void {
  describe(`the store contract, ${kind}`, () => {
    let underTest: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      underTest = await open();
      store = underTest.store;
    });
    afterEach(async () => {
      await underTest.close();
    });

    const read = (name: string): Promise<Uint8Array | undefined> => store.get(name, { maxBytes: megabyte });
    const listAll = async (prefix: string, limit: number): Promise<string[]> => {
      const names: string[] = [];
      for (let after: string | undefined; ; after = names.at(-1)) {
        const page = await store.list(prefix, { after, limit });
        expect(page.names.length).toBeLessThanOrEqual(limit);
        names.push(...page.names);
        if (!page.more) return names;
        expect(page.names.length).toBeGreaterThan(0);
      }
    };

    describe('objects', () => {
      test('what was put is what is got, joined from its parts', async () => {
        expect(await store.putNew('journal/000000000001-ab', [utf8('one '), new Uint8Array(0), utf8('two')])).toBe('stored');
        expect(await read('journal/000000000001-ab')).toEqual(utf8('one two'));
      });

      test('an empty object and one of several megabytes come back as they were', async () => {
        const large = new Uint8Array(5 * megabyte).map((_, index) => (index * 31) & 255);
        expect(await store.putNew('empty', [])).toBe('stored');
        expect(await store.putNew('packs/ab/large', [large.subarray(0, 70_001), large.subarray(70_001)])).toBe('stored');
        expect(await read('empty')).toEqual(new Uint8Array(0));
        const back = await store.get('packs/ab/large', { maxBytes: 5 * megabyte });
        expect(back !== undefined && Buffer.compare(back, large) === 0).toBe(true);
      });

      test('what was never put is undefined, also beside and below what was', async () => {
        await store.putNew('packs/ab/cd', [utf8('x')]);
        for (const name of ['genesis', 'packs/ab/ce', 'packs/ab', 'packs', 'packs/ab/cd/ef']) expect(await read(name)).toBeUndefined();
      });

      test.skipIf(refusesExisting === 'never')('a second put of a name does not disturb the first', async () => {
        await store.putNew('genesis', [utf8('first')]);
        expect(await store.putNew('genesis', [utf8('first')])).toBe('exists');
        expect(await store.putNew('genesis', [utf8('other')])).toBe('exists');
        expect(await read('genesis')).toEqual(utf8('first'));
      });

      test('the same bytes under the same name again do no harm', async () => {
        await store.putNew('genesis', [utf8('first')]);
        await store.putNew('genesis', [utf8('fi'), utf8('rst')]);
        expect(await read('genesis')).toEqual(utf8('first'));
      });

      test.skipIf(mixesWriters)('many puts of one name at once leave one of them, whole', async () => {
        const bodies = Array.from({ length: 8 }, (_, index) => new Uint8Array(70_000 + index).fill(index));
        const outcomes = await Promise.all(bodies.map((body) => store.putNew('race', [body])));
        expect(outcomes).toContain('stored');
        const found = await read('race');
        expect(bodies).toContainEqual(found);
      });

      test.skipIf(refusesExisting !== 'always')('of many puts of one name at once exactly one is stored', async () => {
        const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => store.putNew('race', [utf8(`writer ${index}`)])));
        expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
        const winner = outcomes.indexOf('stored');
        expect(await read('race')).toEqual(utf8(`writer ${winner}`));
      });

      test('a deleted object is gone, and deleting it again is harmless', async () => {
        await store.putNew('packs/ab/cd', [utf8('x')]);
        await store.delete('packs/ab/cd');
        await store.delete('packs/ab/cd');
        await store.delete('never/there');
        expect(await read('packs/ab/cd')).toBeUndefined();
        expect(await listAll('', 10)).toEqual([]);
      });

      test('the caller may change its array afterwards', async () => {
        const bytes = utf8('kept');
        await store.putNew('genesis', [bytes]);
        bytes.fill(0);
        const first = await read('genesis');
        first?.fill(0);
        expect(await read('genesis')).toEqual(utf8('kept'));
      });
    });

    describe('ranges and limits', () => {
      beforeEach(async () => {
        await store.putNew('ten', [utf8('0123456789')]);
      });

      test('a range gives those bytes that exist of it', async () => {
        const range = (start: number, length: number): Promise<Uint8Array | undefined> =>
          store.get('ten', { maxBytes: 10, range: { start, length } });
        expect(await range(0, 1)).toEqual(utf8('0'));
        expect(await range(3, 4)).toEqual(utf8('3456'));
        expect(await range(0, 10)).toEqual(utf8('0123456789'));
        expect(await range(8, 5)).toEqual(utf8('89'));
        expect(await range(10, 5)).toEqual(new Uint8Array(0));
        expect(await range(1_000_000, 5)).toEqual(new Uint8Array(0));
      });

      test('a range of what is not there is undefined', async () => {
        expect(await store.get('none', { maxBytes: 10, range: { start: 0, length: 4 } })).toBeUndefined();
      });

      test.skipIf(failsAtEmpty)('a range of an empty object is empty', async () => {
        await store.putNew('empty', []);
        expect(await store.get('empty', { maxBytes: 10, range: { start: 0, length: 4 } })).toEqual(new Uint8Array(0));
      });

      test('more bytes than the caller allows are E_LIMIT', async () => {
        expect(await store.get('ten', { maxBytes: 10 })).toHaveLength(10);
        await expect(store.get('ten', { maxBytes: 9 })).rejects.toMatchObject({ code: 'E_LIMIT' });
        await expect(store.get('ten', { maxBytes: 3, range: { start: 0, length: 4 } })).rejects.toMatchObject({ code: 'E_LIMIT' });
      });
    });

    describe.skipIf(listsLate)('listing', () => {
      // In byte order, which is not the order of a folder walk: '-' stands before '/', digits after it.
      const names = [
        'a-b',
        'a/b',
        'a/b-c',
        'a/d/e',
        'a0',
        'journal/000000000001-aa',
        'journal/000000000002-aa',
        'packs/aa/b',
        'packs/ab/a',
      ];
      beforeEach(async () => {
        for (const name of names.toReversed()) await store.putNew(name, [utf8(name)]);
      });

      test('gives all names in byte order, whatever the size of a page', async () => {
        for (const limit of [1, 2, 3, names.length, 1000]) expect(await listAll('', limit)).toEqual(names);
      });

      test('gives only what starts with the prefix, be it a folder or less', async () => {
        expect(await listAll('packs/', 2)).toEqual(['packs/aa/b', 'packs/ab/a']);
        expect(await listAll('packs/ab', 2)).toEqual(['packs/ab/a']);
        expect(await listAll('a', 2)).toEqual(['a-b', 'a/b', 'a/b-c', 'a/d/e', 'a0']);
        expect(await listAll('a/', 2)).toEqual(['a/b', 'a/b-c', 'a/d/e']);
        expect(await listAll('journal/000000000002', 2)).toEqual(['journal/000000000002-aa']);
        expect(await listAll('nothing/', 2)).toEqual([]);
        expect(await listAll('a/b/', 2)).toEqual([]);
      });

      test('goes on after any text, itself not included', async () => {
        const after = async (text: string): Promise<readonly string[]> => (await store.list('', { after: text, limit: 2 })).names;
        expect(await after('a/b')).toEqual(['a/b-c', 'a/d/e']);
        expect(await after('a/c')).toEqual(['a/d/e', 'a0']);
        expect(await after('a/')).toEqual(['a/b', 'a/b-c']);
        expect(await after('a-b')).toEqual(['a/b', 'a/b-c']);
        expect(await after('journal/000000000002')).toEqual(['journal/000000000002-aa', 'packs/aa/b']);
        expect(await after('zzz')).toEqual([]);
        expect((await store.list('journal/', { after: 'zzz', limit: 2 })).names).toEqual([]);
        expect((await store.list('journal/', { after: 'a', limit: 2 })).names).toEqual(names.slice(5, 7));
      });

      test('shows a new name in the next listing', async () => {
        expect(await listAll('journal/', 10)).toHaveLength(2);
        await store.putNew('journal/000000000003-aa', []);
        expect(await listAll('journal/', 10)).toHaveLength(3);
      });
    });

    describe('the hint', () => {
      test('is overwritten, comes with a tag, and is quiet while it has that tag', async () => {
        expect(await store.getHint(undefined)).toBeUndefined();
        await store.putHint(utf8('one'));
        const first = await store.getHint(undefined);
        expect(first?.bytes).toEqual(utf8('one'));
        expect(await store.getHint(first?.tag)).toBeUndefined();
        await store.putHint(utf8('two'));
        const second = await store.getHint(first?.tag);
        expect(second?.bytes).toEqual(utf8('two'));
        expect(second?.tag).not.toBe(first?.tag);
      });

      test("is no object: neither listed nor in anybody's way", async () => {
        await store.putHint(utf8('one'));
        expect(await listAll('', 10)).toEqual([]);
        await expect(async () => read('hint')).rejects.toMatchObject({ code: 'E_FAILED' });
      });

      test('is at most 1 KiB', async () => {
        await store.putHint(new Uint8Array(1024));
        await expect(async () => store.putHint(new Uint8Array(1025))).rejects.toMatchObject({ code: 'E_LIMIT' });
      });
    });

    describe('watching', () => {
      test('resolves after a hint was put', async ({ skip }) => {
        if (store.watch === undefined) skip('this store cannot tell');
        const watching = store.watch!({ signal: AbortSignal.timeout(60_000) });
        for (let put = 0; ; put += 1) {
          await store.putHint(utf8(`hint ${put}`));
          // The watch may begin after the first put; a loop of puts wakes it without any assumption about when.
          if (
            await Promise.race([
              watching.then(() => true),
              new Promise((resolve: (value: boolean) => void) => setImmediate(resolve, false)),
            ])
          )
            break;
        }
        await expect(watching).resolves.toBeUndefined();
      });

      test('ends with the reason of its signal', async ({ skip }) => {
        if (store.watch === undefined) skip('this store cannot tell');
        const stop = new AbortController();
        const watching = store.watch!({ signal: stop.signal });
        stop.abort(new Error('enough'));
        await expect(watching).rejects.toThrow('enough');
      });
    });

    describe('misuse and stopping', () => {
      test('a name that is no object name is refused before anything is asked', async () => {
        for (const name of ['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'A', 'a.b', 'a b', 'x'.repeat(65), 'a/'.repeat(100), 'é', 'a\0']) {
          await expect(async () => read(name)).rejects.toMatchObject({ code: 'E_FAILED' });
          await expect(async () => store.putNew(name, [])).rejects.toMatchObject({ code: 'E_FAILED' });
          await expect(async () => store.delete(name)).rejects.toMatchObject({ code: 'E_FAILED' });
        }
      });

      test('a bad prefix, page size or range is refused', async () => {
        await expect(async () => store.list('../', { limit: 1 })).rejects.toMatchObject({ code: 'E_FAILED' });
        await expect(async () => store.list('', { limit: 0 })).rejects.toMatchObject({ code: 'E_FAILED' });
        await expect(async () => store.list('', { limit: 1001 })).rejects.toMatchObject({ code: 'E_FAILED' });
        for (const range of [
          { start: -1, length: 1 },
          { start: 0, length: 0 },
          { start: 0.5, length: 1 },
        ]) {
          await expect(async () => store.get('ten', { maxBytes: 1, range })).rejects.toMatchObject({ code: 'E_FAILED' });
        }
      });

      test('every verb ends with the reason of an aborted signal', async () => {
        const options = { signal: AbortSignal.abort(new Error('enough')) };
        await expect(store.get('a', { maxBytes: 1, ...options })).rejects.toThrow('enough');
        await expect(store.putNew('a', [utf8('x')], options)).rejects.toThrow('enough');
        await expect(store.list('', { limit: 1, ...options })).rejects.toThrow('enough');
        await expect(store.delete('a', options)).rejects.toThrow('enough');
        await expect(store.putHint(utf8('x'), options)).rejects.toThrow('enough');
        await expect(store.getHint(undefined, options)).rejects.toThrow('enough');
        expect(await read('a')).toBeUndefined();
      });
    });
  });
}
