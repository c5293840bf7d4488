/** That a file came from outside: what becomes of the fact where two devices change it, or the file, without knowing of each other. */
import { describe, expect, test } from 'vitest';
import { fullTraits } from '../../src/model/disk-traits.ts';
import type { NodeId } from '../../src/model/ids.ts';
import { rootId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { FileState } from '../../src/model/node.ts';
import { holdsMeta, keepMeta, withKeptMeta } from '../../src/planner/kept-meta.ts';
import { contentRef } from './planner-device.ts';
import { carry, chmod, edit, expectOutcome, file, move, noteOrigin, remove, save, touch } from './scenario.ts';

const plain = { f: 'v1' };
const outside = { f: 'v1!' };

describe('that a file came from outside', () => {
  test('reaches all, and so does that it was taken off', () => {
    expectOutcome({ base: plain, here: [noteOrigin('f')], there: [], either: { f: 'v1!' } });
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [], either: { f: 'v1' } });
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [noteOrigin('f')], either: { f: 'v1' } });
    expectOutcome({ base: plain, here: [noteOrigin('f')], there: [noteOrigin('f')], either: { f: 'v1!' } });
  });

  test('goes along with an edit, a move, a save, another bit, and a copy in its place', () => {
    for (const [here, either] of [
      [edit('f', 'v2'), { f: 'v2!' }],
      [save('f', 'v2'), { f: 'v2!' }],
      [touch('f'), { f: 'v1!' }],
      [chmod('f'), { f: 'v1*!' }],
      [move('f', 'g'), { g: 'v1!' }],
      [carry('f', 'g'), { g: 'v1!' }],
    ] as const)
      expectOutcome({ base: outside, here: [here], there: [], either });
  });

  test('stays where it was taken off while the other side gave the file other content', () => {
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [edit('f', 'v2')], either: { f: 'v2!' } });
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [save('f', 'v2'), move('f', 'g')], either: { g: 'v2!' } });
  });

  test('is off where the other side only moved the file, or set its time or bit', () => {
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [move('f', 'g')], either: { g: 'v1' } });
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [touch('f')], either: { f: 'v1' } });
    expectOutcome({ base: outside, here: [noteOrigin('f')], there: [chmod('f')], either: { f: 'v1*' } });
  });

  test('is noted where one side noted it, whatever the other side did to the file', () => {
    expectOutcome({ base: plain, here: [noteOrigin('f')], there: [edit('f', 'v2')], either: { f: 'v2!' } });
    expectOutcome({ base: plain, here: [noteOrigin('f')], there: [chmod('f'), move('f', 'g')], either: { g: 'v1*!' } });
  });

  test('is no edit that would beat a removal', () => {
    expectOutcome({ base: plain, here: [noteOrigin('f')], there: [remove('f')], either: {} });
  });

  test('belongs to each of two contents that became a conflict', () => {
    const copies = { 'f (conflict here 2026-01-01)': 'v2!', f: 'v3!' };
    expectOutcome({ base: outside, here: [edit('f', 'v2')], there: [edit('f', 'v3')], thereFirst: copies });
    const one = { 'f (conflict here 2026-01-01)': 'v2', f: 'v3!' };
    expectOutcome({ base: outside, here: [edit('f', 'v2'), noteOrigin('f')], there: [edit('f', 'v3')], thereFirst: one });
  });

  test('is kept of one of two that came with the same content', () => {
    expectOutcome({ base: {}, here: [file('f', 'new'), noteOrigin('f')], there: [file('f', 'new')], either: { f: 'new!' } });
  });
});

describe('on a disk that does not know where its files came from', () => {
  const state: FileState = {
    kind: 'file',
    parent: rootId,
    name: 'f' as NodeName,
    content: contentRef('v1', 1),
    mtimeUs: 5,
    executable: false,
    fromOutside: true,
  };
  const local = { ...state, sizeBytes: 2 };
  const knowing = { ...fullTraits, keepsOrigin: true };

  test('it stays as it is known', () => {
    const seen = { mtimeUs: 9, executable: false };
    expect(withKeptMeta(seen, state, fullTraits)).toMatchObject({ mtimeUs: 9, fromOutside: true });
    expect(withKeptMeta({ ...seen, fromOutside: false }, state, fullTraits)).toMatchObject({ fromOutside: true });
    expect(withKeptMeta({ ...seen, fromOutside: false }, state, knowing)).toMatchObject({ fromOutside: false });
    expect(withKeptMeta(seen, state, knowing)).toMatchObject({ fromOutside: true });
    expect(withKeptMeta(seen, undefined, fullTraits)).toMatchObject({ fromOutside: false });
  });

  test('what turns out to be a known item takes it over, and loses none that it has', () => {
    const row = { id: '1'.repeat(32) as NodeId, state: { ...local, fromOutside: false }, identity: '1', fingerprint: '1' };
    expect(keepMeta(row, state, fullTraits).state).toMatchObject({ fromOutside: true });
    expect(keepMeta(row, state, knowing).state).toMatchObject({ fromOutside: false });
    expect(keepMeta({ ...row, state: local }, { ...state, fromOutside: false }, fullTraits).state).toMatchObject({ fromOutside: true });
  });

  test('nothing is to be done on the disk', () => {
    expect(holdsMeta(local, { ...state, fromOutside: false }, fullTraits)).toBe(true);
    expect(holdsMeta(local, { ...state, fromOutside: false }, knowing)).toBe(false);
    expect(holdsMeta(local, state, knowing)).toBe(true);
  });
});
