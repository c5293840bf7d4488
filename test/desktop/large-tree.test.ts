/** A vault with a hundred thousand folders, in the real app: its tree is opened, scrolled, searched and ticked like a small one. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { folderState, versionedNode } from '../index/sample-nodes.ts';
import { Computer } from './computer.ts';
import { runCli } from './run-cli.ts';
import { withoutDesktop } from './without-desktop.ts';

const minutes = 60_000;
/** In one folder, and in many. */
const boxes = 50_000;
const shelves = 50;
const perShelf = 1_000;

describe.skipIf(withoutDesktop())('a vault of a hundred thousand folders', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-large-tree-'));
  let desk: Computer;
  let page: Page;

  beforeAll(async () => {
    const link = ['--store', `file://${path.join(home, 'store')}`, '--folder', path.join(home, 'Cachette'), '--key-storage', 'file'];
    await runCli(home, 'profile', 'init', ...link, '--no-passphrase');
    expect(writeFolders(path.join(home, 'profile', 'index.sqlite'))).toBeGreaterThanOrEqual(100_000);
    // What is known of the vault is shown without its storage, too, and nobody finds out that it never had these folders.
    fs.renameSync(path.join(home, 'store'), path.join(home, 'store away'));
    desk = await Computer.start({ home });
  }, 2 * minutes);
  afterAll(async () => {
    await desk?.close();
    fs.rmSync(home, { recursive: true, force: true });
  });

  const folder = (name: string): ReturnType<Page['getByRole']> => page.getByRole('treeitem', { name: new RegExp(`^${name}\\b`) });

  test(
    'is shown at once, and scrolled to the end of the largest folder',
    async () => {
      await desk.expectToSay('Storage can’t be reached');
      await desk.launched.tray.click('Settings…');
      page = await desk.window('settings');
      await page.getByText('Selective sync').first().click();
      await folder('Shelf 00').click();
      await page.keyboard.press('w');
      await page.keyboard.press('ArrowRight');
      await folder('box 00000').waitFor();
      // At once, not page by page.
      await page.getByRole('tree').evaluate((tree) => tree.scrollTo(0, tree.scrollHeight));
      await folder(`box ${boxes - 1}`).waitFor();
      expect(await folder(`box ${boxes - 1}`).getAttribute('aria-setsize')).toBe(`${boxes}`);
      const middle = (shelves + 1 + boxes / 2) / (shelves + 1 + boxes);
      await page.getByRole('tree').evaluate((tree, part) => tree.scrollTo(0, tree.scrollHeight * part), middle);
      await folder(`box ${boxes / 2}`).waitFor();
      await page.keyboard.press('Home');
      await folder('Shelf 00').waitFor();
      await page.keyboard.press('End');
      await page.keyboard.press('PageUp');
      await page.keyboard.press('PageDown');
      await expect.poll(() => folder(`box ${boxes - 1}`).getAttribute('aria-selected')).toBe('true');
      // What is typed is found where nothing was loaded yet.
      await page.keyboard.type('box 31234');
      await expect.poll(() => folder('box 31234').getAttribute('aria-selected')).toBe('true');
      await page.waitForTimeout(1200);
      await page.keyboard.press('w');
      await expect.poll(() => folder('Wide').getAttribute('aria-selected')).toBe('true');
      // Only what is seen is there.
      expect(await page.getByRole('treeitem').count()).toBeLessThan(100);
    },
    2 * minutes,
  );

  test(
    'is searched by letter, opened and ticked; what would happen is said, and holds',
    async () => {
      await page.getByRole('tree').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('s');
      await page.keyboard.press('ArrowRight');
      await folder('item 000').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Review…' }).click();
      await page.getByText('This is what will happen').waitFor();
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('This is what will happen').waitFor({ state: 'detached' });
      const first = page.getByRole('treeitem', { name: /^Shelf 01\b/ });
      await expect.poll(() => first.getAttribute('aria-checked'), { timeout: minutes }).toBe('mixed');
    },
    2 * minutes,
  );
});

/** As if they had been read from the journal; how many. */
function writeFolders(file: string): number {
  const index = SyncIndex.open(file);
  let count = 0;
  const make = (name: string, parent: NodeId): NodeId => {
    count += 1;
    const id = count.toString(16).padStart(32, '0') as NodeId;
    index.remote.write(versionedNode(id, folderState(name, parent)));
    return id;
  };
  const fill = (parent: NodeId, name: string, children: number): void => {
    const digits = String(children - 1).length;
    for (let number = 0; number < children; number += 1) make(`${name} ${String(number).padStart(digits, '0')}`, parent);
  };
  index.transaction(() => fill(make('Wide', rootId), 'box', boxes));
  for (let shelf = 0; shelf < shelves; shelf += 1)
    index.transaction(() => fill(make(`Shelf ${String(shelf).padStart(2, '0')}`, rootId), 'item', perShelf));
  index.close();
  return count;
}
