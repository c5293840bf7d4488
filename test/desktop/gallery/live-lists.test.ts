/** Lists that change while somebody looks at them, in a real window: what comes in at the top or goes may not take the window with it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withoutDesktop } from '../without-desktop.ts';
import { Gallery } from './open-gallery.ts';
import { yes, type Scene } from './scene.ts';
import { agentWith, conflictAt } from './scenes/conflicts-scenes.ts';
import { item, usualHistory, version } from './scenes/history-scenes.ts';

const size = [1000, 700] as const;

describe.skipIf(withoutDesktop())('a list that changes while it is looked at', () => {
  let gallery: Gallery;
  let isLater = false;

  beforeAll(async () => {
    gallery = await Gallery.open();
  });
  afterAll(async () => {
    await gallery?.close();
  });
  beforeEach(() => {
    isLater = false;
    gallery.faults.length = 0;
  });

  /** What is listed first, and after something happened. */
  function turning<Row>(before: readonly Row[], after: readonly Row[]): () => Row[] {
    return () => [...(isLater ? after : before)];
  }

  async function expectNames(list: string, names: readonly string[]): Promise<void> {
    const shown = (): Promise<readonly (string | null)[]> =>
      gallery.page
        .getByRole('grid', { name: list })
        .getByRole('row')
        .evaluateAll((rows) => rows.map((row) => row.textContent));
    await expect
      .poll(async () => {
        const texts = await shown();
        return { count: texts.length, missing: names.filter((name, at) => texts[at]?.includes(name) !== true) };
      })
      .toEqual({ count: names.length, missing: [] });
  }

  async function becomesLater(event: string): Promise<void> {
    isLater = true;
    await gallery.tell({ event });
  }

  test('versions of a file: the newest one comes first', async () => {
    const rows = turning([version(2), version(3)], [version(1, { device: 'new one' }), version(2), version(3)]);
    const scene: Scene = {
      name: 'growing versions',
      window: 'history',
      path: 'Letter to the landlord.md',
      size,
      agent: {
        ...usualHistory,
        'list-items': () => yes({ rows: [], hasMore: false }),
        'list-versions': () => yes({ rows: rows(), hasMore: false }),
      },
    };
    await gallery.show(scene);
    await gallery.page.getByRole('row').last().click();
    await becomesLater('activity');
    await expectNames('Versions', ['new one', 'laptop', 'desk']);
    expect(gallery.faults).toEqual([]);
  });

  test('items of a folder: one comes in between, one goes', async () => {
    const names = (list: readonly string[]): ReturnType<typeof item>[] => list.map((name) => item(name, ''));
    const rows = turning(names(['a.txt', 'c.txt', 'd.txt']), names(['0.txt', 'b.txt', 'c.txt']));
    await gallery.show({
      name: 'growing items',
      window: 'history',
      size,
      agent: { ...usualHistory, 'list-items': ({ after }) => yes({ rows: after === undefined ? rows() : [], hasMore: false }) },
    });
    await becomesLater('activity');
    await expectNames('Files', ['0.txt', 'b.txt', 'c.txt']);
    expect(gallery.faults).toEqual([]);
  });

  test('conflicts: one more in a folder before the others', async () => {
    const first = [conflictAt('Photos/Harbour.png', 'c1'), conflictAt('Photos/Sea.png', 'c2')];
    const rows = turning(first, [conflictAt('Letters/Ann.odt', 'c0'), ...first]);
    await gallery.show({
      name: 'growing conflicts',
      window: 'conflicts',
      size,
      agent: agentWith(first, { 'list-conflicts': () => yes({ rows: rows(), total: rows().length, hasMore: false }) }),
    });
    await becomesLater('conflicts');
    await expectNames('Conflicts by folder', ['Letters', 'Ann.odt', 'Photos', 'Harbour.png', 'Sea.png']);
    expect(gallery.faults).toEqual([]);
  });

  test('a window that can’t be drawn says so, and is there again at a press', async () => {
    await gallery.show({ name: 'broken', window: 'history', path: 'Letter to the landlord.md', size, agent: usualHistory });
    await gallery.page.evaluate(() => {
      Object.defineProperty(Intl.NumberFormat.prototype, 'format', {
        get: () => {
          throw new Error('no numbers today');
        },
      });
    });
    await gallery.tell({ event: 'preferences' });
    await gallery.page.getByText('This window stopped working').waitFor();
    await gallery.page.getByRole('button', { name: 'Show it again' }).click();
    await expect.poll(() => gallery.page.getByRole('tab', { name: 'Deleted files' }).count()).toBe(1);
  });
});
