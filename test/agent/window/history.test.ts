/** The vault's tree and what it was, as a history window shows it. */
import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

async function start(): Promise<{ readonly rig: DeviceRig; readonly ann: WindowRig }> {
  const rig = await DeviceRig.withDevices('ann');
  const ann = await WindowRig.start(rig, 'ann');
  return { rig, ann };
}

describe('items', () => {
  test('come by pages, folders first, with nothing twice and nothing left out', async () => {
    const { rig, ann } = await start();
    for (const name of ['b', 'd', 'z']) fs.mkdirSync(rig.at('ann', name));
    for (const name of ['c.txt', 'y.txt', 'B 2.txt', 'b 10.txt', 'b/deep.txt']) rig.write('ann', name, name);
    await ann.settle();
    const expected = ['b', 'd', 'z', 'a.txt', 'B 2.txt', 'b 10.txt', 'c.txt', 'y.txt'];
    for (const limit of [1, 2, 3, 4, 6, 100]) {
      const names: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await ann.ask('list-items', { path: '', ...(after === undefined ? {} : { after }), limit });
        names.push(...page.rows.map(({ name }) => name));
        after = page.rows.at(-1)?.name;
        if (!page.hasMore) break;
      }
      expect(names).toEqual(expected);
    }
    const below = await ann.ask('list-items', { path: 'b', limit: 10 });
    expect(below.rows).toEqual([
      { path: 'b/deep.txt', name: 'deep.txt', kind: 'file', size: 10, mtime: expect.stringMatching(/^\d{4}-/) as string, local: true },
    ]);
    await expect(ann.ask('list-items', { path: 'nowhere', limit: 10 })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('versions', () => {
  test('of a file: listed by pages, read, restored to their place and to another', async () => {
    const { rig, ann } = await start();
    for (const text of ['first', 'second one', 'the third']) {
      rig.write('ann', 'a.txt', text);
      await ann.settle();
    }
    const all = await ann.ask('list-versions', { path: 'a.txt', skip: 0, limit: 10 });
    expect(all.rows.map(({ size, device, deleted, lost }) => ({ size, device, deleted, lost }))).toEqual(
      ['the third', 'second one', 'first', 'from ann'].map(({ length }) => ({ size: length, device: 'ann', deleted: false, lost: false })),
    );
    expect(await ann.ask('list-versions', { path: 'a.txt', skip: 1, limit: 2 })).toEqual({ rows: all.rows.slice(1, 3), hasMore: true });
    const second = all.rows[1]?.version ?? '';
    expect(await ann.ask('read-version', { path: 'a.txt', version: second, maxBytes: 100 })).toEqual({
      is: 'content',
      base64: Buffer.from('second one').toString('base64'),
      size: 10,
    });
    expect(await ann.ask('read-version', { path: 'a.txt', version: second, maxBytes: 9 })).toEqual({ is: 'too-large', size: 10 });
    await expect(ann.ask('read-version', { path: 'a.txt', version: 'x', maxBytes: 9 })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await ann.ask('restore', { path: 'a.txt', version: second, to: 'old/a.txt' })).toEqual({
      path: 'old/a.txt',
      files: 1,
    });
    expect(fs.readFileSync(rig.at('ann', 'old/a.txt'), 'utf8')).toBe('second one');
    await ann.ask('restore', { path: 'a.txt' });
    expect(fs.readFileSync(rig.at('ann', 'a.txt'), 'utf8')).toBe('second one');
  });

  test('of what was removed: found in its folder, read and brought back', async () => {
    const { rig, ann } = await start();
    fs.mkdirSync(rig.at('ann', 'papers'));
    for (const name of ['papers/one.txt', 'papers/two.txt', 'other.txt']) rig.write('ann', name, name);
    await ann.settle();
    for (const name of ['papers/one.txt', 'papers/two.txt', 'other.txt']) {
      fs.rmSync(rig.at('ann', name));
      await ann.settle();
    }
    expect((await ann.ask('list-deleted', { path: '', skip: 0, limit: 2 })).rows.map(({ path }) => path)).toEqual([
      'other.txt',
      'papers/two.txt',
    ]);
    const gone = await ann.ask('list-deleted', { path: 'papers', skip: 1, limit: 2 });
    expect(gone).toMatchObject({ hasMore: false, rows: [{ path: 'papers/one.txt', deleted: true }] });
    const version = gone.rows[0]?.version ?? '';
    expect(await ann.ask('read-version', { path: 'papers/one.txt', version, maxBytes: 100 })).toMatchObject({ is: 'content', size: 14 });
    await ann.ask('restore', { path: 'papers/one.txt', version });
    expect(fs.readFileSync(rig.at('ann', 'papers/one.txt'), 'utf8')).toBe('papers/one.txt');
  });

  test('whose content the store lost are told as gone', async () => {
    const { rig, ann } = await start();
    rig.write('ann', 'a.txt', 'second');
    await ann.settle();
    const { rows } = await ann.ask('list-versions', { path: 'a.txt', skip: 1, limit: 1 });
    for (const name of rig.objects('packs/')) fs.rmSync(rig.at('store', name));
    expect(await ann.ask('read-version', { path: 'a.txt', version: rows[0]?.version ?? '', maxBytes: 100 })).toEqual({ is: 'gone' });
  });
});
