/** The question whether a conflict is told of until somebody decides: what it must find, and what it must not blame the engine for. */
import { describe, expect, test } from 'vitest';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { conflictFromText, conflictToText } from '../../src/vault/journal/fold/fold-state.ts';
import { ConflictWatch } from './conflict-watch.ts';
import type { DiskPlan } from './disk-plan.ts';
import { act, syncOf } from './history-steps.ts';
import type { History, Step } from './history.ts';
import { Ledger } from './ledger.ts';
import { runHistory } from './run-history.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { doAct, type UserAct } from './user-act.ts';
import { textsByContent } from './vault-history.ts';

const copy = 'x (conflict bob 2026-01-02)';

interface Told {
  readonly ann: SimDevice;
  /** What bob does, and where it is written down. */
  readonly act: (done: UserAct | readonly UserAct[], ledger?: Ledger) => Promise<void>;
  readonly fault: () => string | undefined;
}

/** A conflict that both devices were told of. */
async function told(): Promise<Told> {
  const vault = new SimVault(9);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  const [ledger, watch] = [new Ledger(), new ConflictWatch()];
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) {
      await device.sync();
      watch.look(device);
    }
  };
  for (const device of [ann, bob])
    doAct({ name: device.name, disk: device.disk }, { act: 'write', path: 'x', text: `by ${device.name}`, saved: false }, ledger);
  await settle();
  expect(ann.user.texts()).toEqual({ x: 'by ann', [copy]: 'by bob' });
  const texts = textsByContent(vault, ledger.everWritten);
  const fault = (): string | undefined => watch.findFault({ devices: [ann, bob], ledger, textOf: (content) => texts.get(content) });
  const act: Told['act'] = async (done, noted = ledger) => {
    for (const each of [done].flat()) doAct({ name: 'bob', disk: bob.disk }, each, noted);
    await settle();
  };
  expect(fault()).toBeUndefined();
  return { ann, act, fault };
}

describe('a conflict that was told of', () => {
  test.each([
    ['the copy is removed', { act: 'remove', path: copy }],
    ['the other one is removed', { act: 'remove', path: 'x' }],
    ['the copy is put in the place of the other one', { act: 'move', path: copy, to: 'x' }],
  ] as const)('is decided where %s, and by nobody where no person did that', async (_, act) => {
    const one = await told();
    await one.act(act);
    expect(one.fault()).toBeUndefined();
    const other = await told();
    await other.act(act, new Ledger());
    expect(other.fault()).toContain('told of no more, and nobody removed one of the two: ');
  });

  test('is decided by who moves one of the two and saves it anew: nothing tells that it is that file', async () => {
    const { ann, act, fault } = await told();
    await act([
      { act: 'move', path: 'x', to: 'elsewhere' },
      { act: 'write', path: 'elsewhere', text: 'by bob, saved', saved: true },
    ]);
    expect(ann.user.texts()).toEqual({ elsewhere: 'by bob, saved', [copy]: 'by bob' });
    expect(openJournalBook(ann.index).records('conflict').size).toBe(1);
    expect(fault()).toBeUndefined();
  });

  test('is told of still when the copy is edited, or moved', async () => {
    const { act, fault } = await told();
    await act({ act: 'append', path: copy, text: ', and more' });
    await act({ act: 'move', path: copy, to: 'elsewhere' });
    await act({ act: 'write', path: 'x', text: 'by bob, over it', saved: true });
    expect(fault()).toBeUndefined();
  });

  test('is not forgotten, and decided by nobody but a person', async () => {
    const { ann, fault } = await told();
    const book = openJournalBook(ann.index);
    const [[id, record] = ['', '']] = book.records('conflict');
    book.writeRecord('conflict', id, conflictToText({ ...conflictFromText(record), settled: 'both' }));
    expect(fault()).toBe(`decided by nobody: ${copy} of x`);
    book.writeRecord('conflict', id, undefined);
    expect(fault()).toBe(`told of no more, and both stand: ${copy} of x`);
  });
});

function history(seed: number, disks: Readonly<Record<string, DiskPlan>>, steps: readonly Step[]): History {
  const devices = Object.entries(disks).map(([name, disk]) => ({ name, disk }));
  return { seed, devices, checkpointEntries: undefined, outcome: 'any', steps };
}

test('a link that changes places with a file, where there are no birth times, is another one: nobody can tell', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'write', path: 'c', text: 'ann 1', saved: false }),
    act('ann', { act: 'link', path: 'e', target: 'c' }),
    act('eve', { act: 'mkdir', path: 'e' }),
    syncOf('ann', 3),
    syncOf('eve', 5),
    act('ann', { act: 'swap', path: 'c', to: 'e' }),
  ];
  expect((await runHistory(history(9_710_082, { ann: { hasBirthTimes: false }, eve: {} }, steps))).failure).toBeUndefined();
});

test('what an entry said that turned out void was no conflict: one that came late stands before it', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'd', text: 'ann at first: d', saved: false }),
    syncOf('ann', 1),
    syncOf('joe', 4),
    act('ann', { act: 'move', path: 'd', to: 'a/f' }),
    act('eve', { act: 'mkdir', path: 'a/d' }),
    act('joe', { act: 'move', path: 'a', to: 'd' }),
    syncOf('ann', 6),
    syncOf('eve', 7),
    syncOf('joe', 8),
    syncOf('kim', 9),
    act('eve', { act: 'move', path: 'a/f', to: 'a/d' }),
    syncOf('bob', 10),
    act('bob', { act: 'write', path: 'd/d/d', text: 'bob 4', saved: false }),
    act('kim', { act: 'move', path: 'd/f', to: 'd/e' }),
    syncOf('bob', 12),
    syncOf('eve', 13),
    // She is shown a list without what eve has just said.
    syncOf('kim', 15, { staleListMs: 30_000 }),
  ];
  const disks = { ann: {}, bob: {}, eve: {}, joe: {}, kim: {} };
  expect((await runHistory(history(9_710_086, disks, steps))).failure).toBeUndefined();
});

// Random history: `decisions, in trouble` 17000024.
test('nor where nobody keeps any more what it did, as it is covered by a checkpoint', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'a/b', text: 'ann at first: a/b', saved: false }),
    act('ann', { act: 'write', path: 'b', text: 'ann at first: b', saved: false }),
    act('ann', { act: 'write', path: 'd', text: 'ann at first: d', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', { act: 'swap', path: 'a/b', to: 'd' }),
    { do: 'wait', ms: 2081 },
    act('bob', { act: 'write', path: 'a/b', text: 'bob 1', saved: true }),
    syncOf('bob', 4),
    { do: 'wait', ms: 98541 },
    act('ann', { act: 'write', path: 'a/b', text: 'ann 2', saved: true }),
    act('bob', { act: 'move', path: 'b', to: 'd' }),
    act('bob', { act: 'chmod', path: 'a/b', executable: true }),
    {
      do: 'sync',
      policy: 'any',
      runs: [
        { device: 'ann', run: 5, store: {}, meanwhile: [] },
        { device: 'bob', run: 6, store: {}, meanwhile: [{ at: 44, what: 'act', act: { act: 'move', path: 'a', to: 'd' } }] },
      ],
    },
    { do: 'wait', ms: 93244 },
    act('ann', { act: 'swap', path: 'a', to: 'd' }),
    { do: 'wait', ms: 81 },
    syncOf('bob', 9),
    act('ann', { act: 'remove', path: 'd' }),
    syncOf('ann', 10, { staleListMs: 30000 }),
  ];
  const frame = { ...history(17_000_024, { ann: {}, bob: {} }, steps), checkpointEntries: 3 };
  expect((await runHistory(frame)).failure).toBeUndefined();
});

test('what is told of by its old place alone was removed there, and is new in another folder: who had yet to hear of it met what is gone', async () => {
  const looksThere = { device: 'ann', run: 5, hints: ['d'], store: {}, meanwhile: [] };
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'd', text: 'by ann', saved: false }),
    syncOf('ann', 1),
    { do: 'wait', ms: 87_964 },
    act('ann', { act: 'move', path: 'd', to: 'a/c' }),
    act('bob', { act: 'write', path: 'd', text: 'by bob', saved: false }),
    { do: 'sync', policy: 'any', runs: [looksThere] },
    syncOf('bob', 6, { staleListMs: 30_000 }),
  ];
  expect((await runHistory(history(16_700_431, { ann: {}, bob: {} }, steps))).failure).toBeUndefined();
});

test('what a device tells of that was removed and has not heard of it is nothing to the others', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'b', text: 'one', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('ann', { act: 'append', path: 'b', text: ', two' }),
    syncOf('ann', 4),
    { do: 'wait', ms: 93_090 },
    { do: 'remove', device: 'bob', by: 'ann' },
    act('bob', { act: 'move', path: 'a', to: 'b' }),
    syncOf('bob', 10, { staleListMs: 30_000 }),
  ];
  expect((await runHistory(history(18_300_490, { ann: {}, bob: {} }, steps))).failure).toBeUndefined();
});

test('is over where both were gone, though one is there again, as somebody else moved it meanwhile: a person removed it', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'b', text: 'ann at first: b', saved: false }),
    syncOf('ann', 1),
    syncOf('eve', 3),
    act('ann', { act: 'swap', path: 'b', to: 'a' }),
    act('eve', { act: 'link', path: 'a/A', target: 'É.txt' }),
    act('kim', { act: 'mkdir', path: 'D.TXT/D.TXT' }),
    {
      do: 'sync',
      policy: 'any',
      runs: [
        {
          device: 'ann',
          run: 10,
          store: {},
          meanwhile: [{ at: 44, what: 'act', act: { act: 'write', path: 'b/a', text: 'ann saves once more 1', saved: true } }],
        },
      ],
    },
    syncOf('joe', 13),
    act('joe', { act: 'remove', path: 'b/a' }),
    act('joe', { act: 'write', path: 'e', text: 'joe 11', saved: false }),
    {
      do: 'sync',
      policy: 'any',
      runs: [{ device: 'eve', run: 15, store: {}, meanwhile: [{ at: 52, what: 'act', act: { act: 'move', path: 'a/A', to: 'a/a' } }] }],
    },
    syncOf('joe', 16),
    syncOf('kim', 17),
    {
      do: 'sync',
      policy: 'any',
      runs: [
        {
          device: 'eve',
          run: 20,
          store: {},
          meanwhile: [
            { at: 71, what: 'act', act: { act: 'move', path: 'b/a', to: 'b/A' } },
            { at: 128, what: 'act', act: { act: 'move', path: 'b/a (conflict eve 2026-01-02)', to: 'D.TXT/D.TXT/A' } },
          ],
        },
      ],
    },
  ];
  const disks = {
    ann: { like: 'windows', hasBatches: true },
    eve: { hasBatches: true },
    joe: {
      hasExchange: true,
      hasHardLinks: true,
      hasBirthTimes: false,
      reusesInodes: false,
      foldsCase: true,
      unicode: 'folded',
      names: 'bytes',
      nameMaxBytes: 255,
      hasExecuteBits: true,
      hasLinks: true,
      hasOriginNotes: false,
      hasBatches: true,
    },
    kim: { like: 'apple' },
  } as const;
  expect((await runHistory(history(16_700_597, disks, steps))).failure).toBeUndefined();
});
