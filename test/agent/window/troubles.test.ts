/** Conflicts, problems and held mass changes, as windows show and decide them. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { SyncIndex } from '../../../src/index/sync-index.ts';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

interface Conflicted {
  readonly rig: DeviceRig;
  readonly ann: WindowRig;
}

/** Files that were 'base' and are edited by both devices: bob's edits are in the vault first. Ann's agent has seen it all. */
async function conflicted(...names: readonly string[]): Promise<Conflicted> {
  const rig = await DeviceRig.withDevices('ann', 'bob');
  for (const name of names) rig.write('ann', name, 'base');
  await rig.sync('ann', 'bob');
  for (const name of names) {
    rig.write('bob', name, `bob's ${name}`);
    rig.write('ann', name, `ann's own ${name}`);
  }
  await rig.sync('bob');
  const ann = await WindowRig.start(rig, 'ann');
  await ann.settle();
  return { rig, ann };
}

function textsOf(rig: DeviceRig, device: string): Record<string, string> {
  return Object.fromEntries(
    rig
      .files(device)
      .toSorted()
      .map((name) => [name.replace(/\d{4}-\d\d-\d\d/, 'DAY'), fs.readFileSync(rig.at(device, name), 'utf8')]),
  );
}

describe('conflicts', () => {
  test('are listed by pages, with both sides and what they began with', async () => {
    const { ann } = await conflicted('one.txt', 'two.txt', 'three.txt');
    const first = await ann.ask('list-conflicts', { limit: 2 });
    expect(first).toMatchObject({ hasMore: true, total: 3 });
    const rest = await ann.ask('list-conflicts', { after: first.rows.at(-1)?.copy ?? '', limit: 2 });
    expect(rest).toMatchObject({ hasMore: false, total: 3 });
    expect([...first.rows, ...rest.rows].map(({ path }) => path)).toEqual(['one.txt', 'three.txt', 'two.txt']);
    expect(await ann.ask('overview', {})).toMatchObject({ conflicts: 3 });
    await expect.poll(() => ann.heard.map(({ event }) => event)).toContain('conflicts');
    const [conflict] = first.rows;
    expect(conflict).toMatchObject({ ours: { device: 'ann', size: 17 }, theirs: { device: 'bob', size: 13 } });
    const side = async (which: 'ours' | 'theirs' | 'ancestor', maxBytes = 1000): Promise<unknown> => {
      const content = await ann.ask('read-side', { conflict: conflict?.id ?? '', side: which, maxBytes });
      return content.is === 'content' ? Buffer.from(content.base64, 'base64').toString() : content;
    };
    expect(await side('ours')).toBe("ann's own one.txt");
    expect(await side('theirs')).toBe("bob's one.txt");
    // From the store: it is on no disk any more.
    expect(await side('ancestor')).toBe('base');
    expect(await side('theirs', 5)).toEqual({ is: 'too-large', size: 13 });
    await expect(ann.ask('read-side', { conflict: 'f'.repeat(32), side: 'ours', maxBytes: 10 })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  test.each([
    ['local', { 'a.txt': 'from ann', 'one.txt': "ann's own one.txt" }],
    ['remote', { 'a.txt': 'from ann', 'one.txt': "bob's one.txt" }],
  ] as const)('decided for "%s", and undone', async (keep, expected) => {
    const { rig, ann } = await conflicted('one.txt');
    const before = textsOf(rig, 'ann');
    expect(Object.keys(before)).toEqual(['a.txt', 'one (conflict ann DAY).txt', 'one.txt']);
    const decided = await ann.ask('decide', { conflicts: 'all', keep });
    expect(decided).toEqual({ resolved: 1, undo: expect.any(String) as string });
    expect(textsOf(rig, 'ann')).toEqual(expected);
    expect(await ann.ask('undo-decision', { undo: decided.undo ?? '' })).toEqual({ restored: 1 });
    expect(textsOf(rig, 'ann')).toEqual(before);
    await rig.sync('bob');
    expect(textsOf(rig, 'bob')).toEqual(before);
    await expect(ann.ask('undo-decision', { undo: decided.undo ?? '' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    // Both stand as before, and so it is open again.
    const { rows } = await ann.ask('list-conflicts', { limit: 10 });
    expect(rows).toMatchObject([{ path: 'one.txt', copy: expect.stringContaining('one (conflict ann ') as string }]);
  });

  test('where a decision is undone after the file was changed again, the change goes to the history, never away', async () => {
    const { rig, ann } = await conflicted('one.txt');
    const { undo } = await ann.ask('decide', { conflicts: 'all', keep: 'local' });
    rig.write('ann', 'one.txt', 'changed since');
    await ann.ask('undo-decision', { undo: undo ?? '' });
    expect(textsOf(rig, 'ann')['one.txt']).toBe("bob's one.txt");
    const versions = await ann.ask('list-versions', { path: 'one.txt', skip: 0, limit: 50 });
    expect(versions.rows.map(({ size }) => size)).toContain('changed since'.length);
  });

  test('where both stay, there is nothing to undo', async () => {
    const { ann } = await conflicted('one.txt');
    expect(await ann.ask('decide', { conflicts: 'all', keep: 'both' })).toEqual({ resolved: 1, undo: null });
    await expect(ann.ask('decide', { conflicts: ['0'.repeat(32)], keep: 'both' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('problems', () => {
  test('are listed by pages, several of one path together, and looked at again when asked', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    await ann.ask('pause-for', {});
    const index = SyncIndex.open(path.join(rig.profile('ann'), 'index.sqlite'));
    for (const [file, code] of [
      ['b.txt', 'E_DISK'],
      ['b.txt', 'E_UNREADABLE'],
      ['c\udcff.txt', 'E_NAME_CLASH'],
      ['d.txt', 'E_TAMPER'],
    ] as const) {
      index.problems.replace({ path: file, code, message: `about ${file}`, action: 'do', node: undefined, sinceMs: 1 });
    }
    index.close();
    const pages: string[][] = [];
    for (let after: string | undefined; ;) {
      const page = await ann.ask('list-problems', { ...(after === undefined ? {} : { after }), limit: 1 });
      expect(page.total).toBe(4);
      pages.push(page.rows.map(({ path: file, code }) => `${file} ${code}`));
      if (!page.hasMore) break;
      after = page.rows.at(-1)?.path;
    }
    expect(pages).toEqual([['b.txt E_DISK', 'b.txt E_UNREADABLE'], ['c\udcff.txt E_NAME_CLASH'], ['d.txt E_TAMPER']]);
    // Also while paused.
    await ann.ask('retry-problems', {});
    await expect.poll(async () => (await ann.ask('list-problems', { limit: 10 })).total).toBeLessThan(4);
  });
});

describe('a mass change', () => {
  test('is shown, and rejected: the files come back; or confirmed: they go', async () => {
    const rig = await DeviceRig.withDevices('ann', 'bob');
    fs.mkdirSync(rig.at('bob', 'many'));
    for (let at = 0; at < 120; at += 1) rig.write('bob', `many/${at}.txt`, `${at}`);
    await rig.sync('bob', 'ann');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    const empty = (): void => {
      for (const name of fs.readdirSync(rig.at('ann', 'many'))) fs.rmSync(rig.at('ann', 'many', name));
    };
    empty();
    await ann.settle();
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ state: 'held', held: 120 });
    const page = await ann.ask('list-held', { limit: 100 });
    expect(page).toMatchObject({ hasMore: true, total: 120 });
    expect(page.rows[0]).toEqual({ path: 'many/0.txt', loss: 'removed' });
    const rest = await ann.ask('list-held', { after: page.rows.at(-1)?.path ?? '', limit: 100 });
    expect([rest.rows.length, rest.hasMore]).toEqual([20, false]);
    expect(await ann.ask('decide-held', { word: 'reject' })).toEqual({ files: 120 });
    await expect.poll(() => fs.readdirSync(rig.at('ann', 'many')).length).toBe(120);
    await ann.settle();
    empty();
    await ann.settle();
    expect(await ann.ask('decide-held', { word: 'confirm' })).toEqual({ files: 120 });
    await ann.settle();
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ state: 'synced', held: 0, files: 1 });
  });
});
