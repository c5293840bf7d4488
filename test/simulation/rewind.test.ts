import { describe, expect, test } from 'vitest';
import { rewindGroups } from '../../src/engine/past/rewind-groups.ts';
import { readPast } from '../../src/index/past-reader.ts';
import { momentOf } from '../../src/planner/moment.ts';
import { planFolderRewind } from '../../src/engine/past/rewind-folder.ts';
import { publishGroups } from '../../src/engine/publish/publish.ts';
import { rootId } from '../../src/model/ids.ts';
import { HistoryWorld, momentAt, plannedRewind, rewind } from './history-world.ts';

/** A vault in which much happened to a folder; the time before. */
async function withDisaster(): Promise<{ world: HistoryWorld; beforeMs: number; before: Record<string, string> }> {
  const world = new HistoryWorld();
  const { ann, bob } = world;
  ann.user.makeFolder('work');
  ann.user.makeFolder('work/sub');
  ann.user.makeFolder('work/empty');
  ann.user.writeFile('work/a', 'a v1');
  ann.user.writeFile('work/b', 'b v1');
  ann.user.writeFile('work/sub/c', 'c v1');
  ann.user.writeFile('work/sub/d', 'd v1');
  ann.user.makeLink('a', 'work/link');
  ann.user.writeFile('outside', 'outside');
  const beforeMs = await world.settle();
  const before = ann.user.texts('work');
  ann.user.writeFile('work/a', 'a was encrypted');
  bob.user.remove('work/b');
  ann.user.rename('work/sub', 'work/renamed');
  ann.user.rename('work/renamed/d', 'd moved out');
  bob.user.removeTree('work/empty');
  await world.settle();
  bob.user.writeFile('work/new', 'came later');
  bob.user.makeFolder('work/sub');
  bob.user.writeFile('work/sub/other', 'another folder of that name');
  bob.user.rename('outside', 'work/moved in');
  ann.user.remove('work/link');
  await world.settle();
  return { world, beforeMs, before };
}

describe('rewinding', () => {
  test('makes a folder what it was, on all devices, as one change, and touches nothing outside', async () => {
    const { world, beforeMs, before } = await withDisaster();
    const { ann, bob } = world;
    const planned = await plannedRewind(ann, 'work', momentAt(ann, beforeMs));
    const entries = ann.store.counters.requests.putNew;
    const report = await rewind(ann, 'work', momentAt(ann, beforeMs));
    expect(ann.store.counters.requests.putNew - entries).toBe(1);
    await world.settle();
    for (const { user } of [ann, bob]) {
      expect(user.texts('work')).toEqual(before);
      expect(user.exists('work/empty')).toBe(true);
      expect(user.exists('work/link')).toBe(true);
      expect(user.readText('d moved out')).toBe('d v1');
    }
    expect(planned).toEqual(report.steps.map((step) => `${step.do} ${step.state.name}`).toSorted());
    expect(planned).toContain('remove other');
    expect(await plannedRewind(bob, 'work', momentAt(bob, beforeMs))).toEqual([]);
  });

  test('can be undone: back to just before it', async () => {
    const { world, beforeMs } = await withDisaster();
    const { ann, bob } = world;
    const tree = (): string[] => [...ann.user.tree('work')].map(([path, seen]) => `${path} ${seen.text}`);
    const was = tree();
    const report = await rewind(bob, 'work', momentAt(bob, beforeMs));
    await world.settle();
    expect(tree()).not.toEqual(was);
    const past = readPast(ann.index);
    await rewind(ann, 'work', momentOf(past, report.version, 'before'));
    await world.settle();
    expect(tree()).toEqual(was);
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('of everything brings back what was moved about, without copies', async () => {
    const { world, beforeMs } = await withDisaster();
    const { ann, bob } = world;
    await rewind(ann, '', momentAt(ann, beforeMs));
    await world.settle();
    expect(ann.user.texts()).toEqual({
      outside: 'outside',
      'work/a': 'a v1',
      'work/b': 'b v1',
      'work/sub/c': 'c v1',
      'work/sub/d': 'd v1',
    });
    expect(bob.user.tree()).toEqual(ann.user.tree());
  });

  test('needs no word where a person asked for it, and asks on the others', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    const beforeMs = await world.settle();
    ann.user.makeFolder('many');
    ann.user.writeFile('first', '1');
    const withFirst = await world.settle();
    for (let at = 0; at < 110; at += 1) ann.user.writeFile(`many/${at}`, `number ${at}`);
    await world.settle();
    expect(beforeMs).toBeLessThan(withFirst);
    await rewind(ann, '', momentAt(ann, withFirst));
    await world.settle();
    expect(ann.index.massChange.countHeld()).toBe(0);
    expect(ann.user.texts()).toEqual({ first: '1' });
    expect(bob.index.massChange.countHeld()).toBe(110);
    expect(Object.keys(bob.user.texts())).toHaveLength(111);
  });

  test('loses no edit that is made meanwhile', async () => {
    const { world, beforeMs } = await withDisaster();
    const { ann, bob } = world;
    bob.user.writeFile('work/a', 'edited by bob meanwhile');
    bob.user.writeFile('work/new', 'edited, too');
    await rewind(ann, 'work', momentAt(ann, beforeMs));
    ann.user.writeFile('work/b', 'written at once at a place that comes back');
    await world.settle();
    await world.settle();
    const texts = Object.values(ann.user.texts());
    for (const text of ['edited by bob meanwhile', 'edited, too', 'written at once at a place that comes back', 'a v1', 'b v1'])
      expect(texts).toContain(text);
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('that is too much for one entry goes in parts, with the same outcome', async () => {
    const { world, beforeMs } = await withDisaster();
    const { ann, bob } = world;
    await ann.act(async (parts) => {
      const steps = planFolderRewind(parts, { folder: rootId, from: rootId, moment: momentAt(ann, beforeMs) });
      const groups = rewindGroups(parts.index, steps, { changes: steps.length - 1, bytes: 1e6 });
      expect(groups.length).toBeGreaterThan(3);
      expect(() => rewindGroups(parts.index, steps, { changes: 1, bytes: 1e6 })).toThrow('too many');
      const { applied } = await publishGroups(parts, groups, new AbortController().signal);
      expect(applied).toBe(groups.length);
    });
    // Published behind the engine's back here, as if by another device.
    await world.settle(bob);
    expect(Object.keys(bob.user.texts())).toEqual(['outside', 'work/a', 'work/b', 'work/sub/c', 'work/sub/d']);
  });
});
