import { describe, expect, test } from 'vitest';
import { PageLoader, type LoadedPages } from '../../renderer/parts/page-loader.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';

interface Asked {
  readonly before: readonly number[];
  readonly answer: (rows: readonly number[], hasMore: boolean) => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** A loader whose pages are answered when the test says so. */
function open(step: number): { loader: PageLoader<number>; asked: Asked[]; shown: () => LoadedPages<number> | undefined } {
  const asked: Asked[] = [];
  let shown: LoadedPages<number> | undefined;
  const loader = new PageLoader<number>(
    (before) =>
      new Promise<Outcome<{ rows: readonly number[]; hasMore: boolean }>>((resolve) => {
        const settle = async (outcome: Outcome<{ rows: readonly number[]; hasMore: boolean }>): Promise<void> => {
          resolve(outcome);
          // Whoever waits for the answer goes on first.
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        };
        asked.push({
          before,
          answer: (rows, hasMore) => settle({ ok: true, answer: { rows, hasMore } }),
          fail: () => settle({ ok: false, failure: { code: 'E_BUSY', message: '', action: '' } }),
        });
      }),
    (loaded) => {
      shown = loaded;
    },
    step,
  );
  return { loader, asked, shown: () => shown };
}

describe('pages', () => {
  test('come one after the other until as many are there as are wanted', async () => {
    const { loader, asked, shown } = open(4);
    loader.again();
    await asked[0]?.answer([1, 2], true);
    expect([asked[1]?.before, shown()?.rows, shown()?.isLoading]).toEqual([[1, 2], [1, 2], true]);
    await asked[1]?.answer([3, 4], true);
    expect([asked.length, shown()?.rows, shown()?.isLoading, shown()?.hasMore]).toEqual([2, [1, 2, 3, 4], false, true]);
    loader.more();
    await asked[2]?.answer([5], false);
    expect([shown()?.rows, shown()?.hasMore]).toEqual([[1, 2, 3, 4, 5], false]);
    loader.more();
    expect(asked.length).toBe(3);
  });

  test('that are asked for again are shown once as many are there as before', async () => {
    const { loader, asked, shown } = open(4);
    loader.again();
    await asked[0]?.answer([1, 2], true);
    await asked[1]?.answer([3, 4], false);
    loader.again();
    await asked[2]?.answer([7, 8], true);
    expect([asked[2]?.before, shown()?.rows]).toEqual([[], [1, 2, 3, 4]]);
    await asked[3]?.answer([9], false);
    expect(shown()?.rows).toEqual([7, 8, 9]);
  });

  test('of a list that changed meanwhile are not put together with others', async () => {
    const { loader, asked, shown } = open(4);
    loader.again();
    await asked[0]?.answer([1, 2], true);
    loader.again();
    await asked[1]?.answer([3], false);
    expect([asked[2]?.before, shown()?.rows]).toEqual([[], [1, 2]]);
    await asked[2]?.answer([5], false);
    expect(shown()?.rows).toEqual([5]);
  });

  test('stay where the next one fails, and can be asked for again', async () => {
    const { loader, asked, shown } = open(4);
    loader.again();
    await asked[0]?.answer([1, 2], true);
    await asked[1]?.fail();
    // What came before the failure is still what is shown.
    expect([shown()?.rows, shown()?.failure?.code, shown()?.isLoading]).toEqual([[1, 2], 'E_BUSY', false]);
    loader.again();
    await asked[2]?.answer([1], false);
    expect([shown()?.rows, shown()?.failure]).toEqual([[1], undefined]);
  });

  test('of nothing that promise more are the last', async () => {
    const { loader, asked, shown } = open(4);
    loader.again();
    await asked[0]?.answer([], true);
    expect([asked.length, shown()?.rows, shown()?.hasMore]).toEqual([1, [], false]);
  });
});
