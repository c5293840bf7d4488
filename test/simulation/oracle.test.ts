/** The questions that a history is asked in the end: what they must not blame the engine for, and what they must. */
import { expect, test, vi } from 'vitest';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { stickPersonality, windowsPersonality } from '../world/fake-disk/personality.ts';
import { checkEnd } from './check-end.ts';
import type { DiskPlan } from './disk-plan.ts';
import { act, syncOf } from './history-steps.ts';
import type { History, Meanwhile, Step } from './history.ts';
import { Ledger } from './ledger.ts';
import { HistoryRun, runHistory } from './run-history.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { doAct, namesGivenBy, type UserAct } from './user-act.ts';
import { isInHistory } from './vault-history.ts';

const passing = 'a (conflict moving 2026-01-02).txt';

test('a name that is there for a moment is not there in the end, unless a person gave it', async () => {
  const ann = new SimDevice(new SimVault(5), 'ann');
  const ledger = new Ledger();
  ann.user.makeFolder('folder');
  ann.user.writeFile(`folder/${passing}`, 'text');
  ledger.wrote('ann', 'text');
  for (const actor of ['ann', 'bob']) ledger.actors.add(actor);
  await ann.sync();
  const check = (...givenNames: string[]): Promise<void> =>
    checkEnd({ devices: [ann], ledger, givenNames: new Set(givenNames), outcome: 'any', expected: undefined, isIdle: false });
  await expect(check('a.txt', 'folder')).rejects.toThrow(`left under a passing name: folder/${passing}`);
  expect(await check(passing)).toBeUndefined();
});

test('such a name tells of no conflict where a person gave it, what the engine calls after it does', async () => {
  const [ann, ledger] = [new SimDevice(new SimVault(5), 'ann'), new Ledger()];
  ann.user.writeFile(`${passing}.old`, 'text');
  ledger.wrote('ann', 'text');
  ledger.actors.add('ann');
  await ann.sync();
  const check = (...givenNames: string[]): Promise<void> =>
    checkEnd({ devices: [ann], ledger, givenNames: new Set(givenNames), outcome: 'any', expected: undefined, isIdle: false });
  expect(await check(`${passing}.old`)).toBeUndefined();
  const copy = `${passing}.old (conflict ann 2026-01-02)`;
  ann.user.rename(`${passing}.old`, copy);
  await ann.sync();
  await expect(check(`${passing}.old`)).rejects.toThrow(`a conflict of nobody with himself: ${copy}`);
});

test('what was kept of a file under such a name is named after it, and stays where a person gave that', async () => {
  const ann = new SimDevice(new SimVault(5), 'ann');
  const ledger = new Ledger();
  const kept = 'a (conflict moving 2026-01-02) (kept).txt';
  ann.user.writeFile(kept, 'text');
  ledger.wrote('ann', 'text');
  for (const actor of ['ann', 'bob']) ledger.actors.add(actor);
  await ann.sync();
  const check = (...givenNames: string[]): Promise<void> =>
    checkEnd({ devices: [ann], ledger, givenNames: new Set(givenNames), outcome: 'any', expected: undefined, isIdle: false });
  await expect(check('a.txt')).rejects.toThrow(`left under a passing name: ${kept}`);
  expect(await check(passing)).toBeUndefined();
  // The random history `hints` 9920022.
  const copy = 'a (conflict moving 2026-01-02) moved (conflict bob 2026-01-02)';
  ann.user.rename(kept, copy);
  await ann.sync();
  expect(await check('a (conflict moving 2026-01-02) moved')).toBeUndefined();
  await expect(check('a')).rejects.toThrow(`left under a passing name: ${copy}`);
});

test('who is to be told of a conflict copy is told, unless a person gave the name himself, however his disk writes it', async () => {
  const ann = new SimDevice(new SimVault(5), 'ann');
  const ledger = new Ledger();
  const copy = 'e\u0301 (conflict bob 2026-01-02).txt';
  ann.user.makeFolder('e\u0301.txt');
  await ann.sync();
  ann.user.writeFile(copy, 'text');
  await ann.sync();
  const book = openJournalBook(ann.index);
  for (const id of book.records('conflict').keys()) book.writeRecord('conflict', id, undefined);
  ledger.wrote('ann', 'text');
  for (const actor of ['ann', 'bob']) ledger.actors.add(actor);
  const check = (...givenNames: string[]): Promise<void> =>
    checkEnd({ devices: [ann], ledger, givenNames: new Set(givenNames), outcome: 'any', expected: undefined, isIdle: false });
  await expect(check()).rejects.toThrow(`nobody is told of the conflict: ${copy}`);
  expect(await check('\u00e9 (conflict bob 2026-01-02).txt')).toBeUndefined();
});

test('that a file came from outside is shown as the vault has it, and is not lost unless a person took it off', async () => {
  const vault = new SimVault(5);
  const [ann, ledger] = [new SimDevice(vault, 'ann', windowsPersonality), new Ledger()];
  const check = (): Promise<void> =>
    checkEnd({ devices: [ann], ledger, givenNames: new Set(), outcome: 'any', expected: undefined, isIdle: false });
  const act = (each: UserAct): boolean => doAct(ann, each, ledger);
  act({ act: 'write', path: 'setup', text: 'MZ', saved: true, fromOutside: true });
  await ann.sync();
  expect(await check()).toBeUndefined();
  // Behind everybody's back.
  ann.user.noteOrigin('setup', false);
  await expect(check()).rejects.toThrow('ann does not show that setup came from outside');
  await ann.sync();
  await expect(check()).rejects.toThrow('ann no longer shows that setup came from outside: MZ');
  act({ act: 'note-origin', path: 'setup', fromOutside: true });
  act({ act: 'note-origin', path: 'setup', fromOutside: false });
  await ann.sync();
  expect(await check()).toBeUndefined();
});

test('what bore a conflict name alone, when another item was put beside it, is in conflict with nobody', async () => {
  const [ann, ledger] = [new SimDevice(new SimVault(5), 'ann'), new Ledger()];
  ann.user.writeFile('x (conflict bob 2026-01-02)', 'text');
  await ann.sync();
  ann.user.makeFolder('x');
  await ann.sync();
  ledger.wrote('ann', 'text');
  for (const actor of ['ann', 'bob']) ledger.actors.add(actor);
  expect(
    await checkEnd({ devices: [ann], ledger, givenNames: new Set(), outcome: 'any', expected: undefined, isIdle: false }),
  ).toBeUndefined();
});

test('a person gives a name by putting something under it, not by changing what stands there', () => {
  const ann = new SimDevice(new SimVault(5), 'ann');
  ann.user.writeFile(passing, 'text');
  const given = (act: UserAct): readonly string[] => namesGivenBy(act, ann);
  expect(given({ act: 'append', path: passing, text: '!' })).toEqual([]);
  expect(given({ act: 'write', path: passing, text: '!', saved: true })).toEqual([]);
  expect(given({ act: 'remove', path: passing })).toEqual([]);
  expect(given({ act: 'write', path: `b/${passing}`, text: '!', saved: true })).toEqual(['b', passing]);
  expect(given({ act: 'mkdir', path: `${passing}.d/b` })).toEqual([`${passing}.d`, 'b']);
  expect(given({ act: 'move', path: passing, to: 'b' })).toEqual(['b']);
});

test('in the history is what the vault had once, and nothing else', async () => {
  const vault = new SimVault(5);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  for (const [path, text] of [
    ['a', 'one'],
    ['a', 'two'],
    ['b', 'other'],
  ] as const) {
    ann.user.writeFile(path, text);
    await ann.sync();
  }
  ann.user.remove('b');
  await ann.sync();
  ann.user.writeFile('a', 'three');
  await bob.sync();
  expect(['one', 'two', 'three', 'other'].map((text) => isInHistory(bob, vault, text))).toEqual([true, true, false, true]);
});

/** ann has a file renamed to where another one stood, and bob has moved that one; then ann deletes what she has renamed. */
function renamedToAnother(disk: DiskPlan): History {
  let run = 0;
  const sync = (device: string): Step => ({
    do: 'sync',
    policy: 'any',
    runs: [{ device, run: (run += 1), store: {}, meanwhile: [] }],
  });
  return {
    seed: 5,
    devices: [
      { name: 'ann', disk },
      { name: 'bob', disk: {} },
    ],
    checkpointEntries: undefined,
    outcome: 'any',
    steps: [
      act('ann', { act: 'write', path: 'a', text: 'one', saved: false }),
      act('ann', { act: 'write', path: 'b', text: 'two', saved: false }),
      sync('ann'),
      sync('bob'),
      act('ann', { act: 'move', path: 'b', to: 'c' }),
      act('ann', { act: 'move', path: 'a', to: 'b' }),
      sync('ann'),
      act('bob', { act: 'move', path: 'b', to: 'b.old' }),
      sync('bob'),
      act('ann', { act: 'remove', path: 'b' }),
      sync('ann'),
    ],
  };
}

test('to a disk without birth times a file is what stands at its place, so that who moves it elsewhere moves that', async () => {
  expect(await runHistory(renamedToAnother({ hasBirthTimes: false }))).toMatchObject({ failure: undefined });
  expect(await runHistory(renamedToAnother({}))).toMatchObject({ failure: undefined });
});

function history(devices: readonly string[], steps: readonly Step[]): History {
  return { seed: 5, devices: devices.map((name) => ({ name, disk: {} })), checkpointEntries: undefined, outcome: 'any', steps };
}

/** Number of the device's first call of that verb in that step. */
async function findCall({ steps, ...frame }: History, device: string, step: number, verb: string): Promise<number> {
  const run = new HistoryRun(frame);
  await run.begin();
  let found: number | undefined;
  for (const [at, each] of steps.entries()) {
    const actor = run.devices.find(({ name }) => name === device);
    if (actor !== undefined && at === step) actor.onCall = (call) => (found ??= call.verb === verb ? call.index : undefined);
    if (at <= step) await run.step(each);
  }
  run.close();
  if (found === undefined) throw new Error(`no ${verb}`);
  return found;
}

test('what is written anew at the place of a file that is gone is that file: who moved it elsewhere keeps that, too', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'a/b', text: 'one', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', { act: 'move', path: 'a/b', to: 'b' }),
    act('ann', { act: 'write', path: 'a/b', text: 'two', saved: true }),
    act('ann', { act: 'move', path: 'a/b', to: 'e' }),
    act('ann', { act: 'write', path: 'a/b', text: 'three', saved: false }),
    syncOf('ann', 3),
    syncOf('bob', 4),
    act('ann', { act: 'remove', path: 'a/b' }),
  ];
  expect(await runHistory(history(['ann', 'bob'], steps))).toMatchObject({ failure: undefined });
});

// Random histories: `races` 14000050, `decisions` 14000050.
test('what is written anew at the place of a file that a run has just brought is that file, too', async () => {
  const steps = (...meanwhile: readonly Meanwhile[]): Step[] => [
    act('ann', { act: 'write', path: 'e', text: 'one', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    { do: 'sync', policy: 'any', runs: [{ device: 'eve', run: 3, store: {}, meanwhile }] },
    act('bob', { act: 'move', path: 'e', to: 'e.old' }),
    syncOf('bob', 4),
    act('eve', { act: 'remove', path: 'e' }),
  ];
  const devices = ['ann', 'bob', 'eve'];
  const placed = await findCall(history(devices, steps()), 'eve', 3, 'renameNew');
  const failures: unknown[] = [];
  for (let at = placed + 1; at < placed + 20; at += 3) {
    const remove: Meanwhile = { at, what: 'act', act: { act: 'remove', path: 'e' } };
    const write: Meanwhile = { at: at + 2, what: 'act', act: { act: 'write', path: 'e', text: 'two', saved: false } };
    const { failure, log } = await runHistory(history(devices, steps(remove, write)));
    failures.push(failure);
    expect(log, 'guard').toContain('eve meanwhile writes e = "two"');
  }
  expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
});

// Random history: `decisions` 16000064.
test('and so is what is written at the place of a file of which no look of the run saw that it was saved anew, and moved', async () => {
  const deeds: readonly UserAct[] = [
    { act: 'write', path: 'e', text: 'two', saved: true },
    { act: 'move', path: 'e', to: 'f' },
    { act: 'write', path: 'e', text: 'three', saved: false },
  ];
  const steps = (at: number): Step[] => [
    act('ann', { act: 'write', path: 'e', text: 'one', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', { act: 'move', path: 'e', to: 'e.old' }),
    {
      do: 'sync',
      policy: 'any',
      runs: [{ device: 'ann', run: 3, store: {}, meanwhile: deeds.map((deed) => ({ at, what: 'act', act: deed })) }],
    },
    syncOf('bob', 4),
    act('ann', { act: 'remove', path: 'e' }),
  ];
  let at = 0;
  for (let isDone = true; isDone; at += 3) {
    const { failure, log } = await runHistory(history(['ann', 'bob'], steps(at)));
    expect([at, failure]).toEqual([at, undefined]);
    isDone = log.includes('ann meanwhile writes e = "three"');
  }
  expect(at, 'guard').toBeGreaterThan(30);
});

// Random history: `other disks` 16800054.
test('on a disk without birth times, what is told of under its new name alone has been copied, and then removed: that ends a conflict', async () => {
  const lookAt = (hint: string): Step => ({
    do: 'sync',
    policy: 'any',
    runs: [{ device: 'bob', run: 2, hints: [hint], store: {}, meanwhile: [] }],
  });
  const moved = (hint: string, hasBirthTimes: boolean): History => ({
    ...history(
      [],
      [
        act('ann', { act: 'write', path: 'e', text: 'one', saved: false }),
        act('bob', { act: 'mkdir', path: 'a' }),
        act('bob', { act: 'write', path: 'e', text: 'two', saved: false }),
        syncOf('bob', 1),
        act('bob', { act: 'move', path: 'e', to: 'a/f' }),
        lookAt(hint),
      ],
    ),
    devices: [
      { name: 'ann', disk: {} },
      { name: 'bob', disk: { hasBirthTimes } },
    ],
  });
  for (const hint of ['a/f', 'a', 'e', ''])
    for (const hasBirthTimes of [true, false])
      expect(await runHistory(moved(hint, hasBirthTimes)), `${hint} ${hasBirthTimes}`).toMatchObject({ failure: undefined });
});

// Random history: `surroundings` 16900040.
test.each(['file', 'link'])(
  'a %s that was moved into a folder which nobody may read then is gone from where it was: that ends a conflict',
  async (kind) => {
    const act = (what: UserAct): Step => ({ do: 'act', device: 'bob', act: what });
    const copy = 'a (conflict bob 2026-01-02)';
    const steps: readonly Step[] = [
      { do: 'act', device: 'ann', act: { act: 'mkdir', path: 'a' } },
      syncOf('ann', 1),
      act(kind === 'file' ? { act: 'write', path: 'a', text: 'one', saved: false } : { act: 'link', path: 'a', target: 'one' }),
      syncOf('bob', 2),
      act({ act: 'move', path: copy, to: 'a/e' }),
      act({ act: 'lock', path: 'a' }),
      syncOf('bob', 3),
    ];
    const { failure, log } = await runHistory(history(['ann', 'bob'], steps));
    expect(log, 'guard').toContain(`bob moves ${copy} to a/e`);
    expect(failure).toBeUndefined();
  },
);

// Random history: `hints` 15100002.
test('who removes a folder that was only taken aside knows nothing of where somebody has moved it: a move is a wish to keep all in it', async () => {
  const write = (path: string, text: string): UserAct => ({ act: 'write', path, text, saved: false });
  const steps = (...meanwhile: readonly Meanwhile[]): Step[] => [
    act('ann', { act: 'mkdir', path: 'd' }),
    act('ann', write('d/b', 'one')),
    act('ann', write('a', 'two')),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', write('d/e', 'three')),
    syncOf('bob', 3),
    // ann swaps the two when she does not have all yet that is in the folder.
    act('ann', { act: 'swap', path: 'a', to: 'd' }),
    syncOf('ann', 4),
    { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 5, store: {}, meanwhile }] },
  ];
  const told = (...meanwhile: readonly Meanwhile[]): History => history(['ann', 'bob'], steps(...meanwhile));
  const aside = await findCall(told(), 'bob', 9, 'renameNew');
  const remove: Meanwhile = { at: aside + 1, what: 'act', act: { act: 'remove', path: 'd (conflict moving 2026-01-02)' } };
  const { failure, log } = await runHistory(told(remove));
  expect(log, 'guard').toContain('bob meanwhile remove d (conflict moving 2026-01-02)');
  expect(failure).toBeUndefined();
});

// Random history: `decisions` 9720062.
test('what a decision keeps stays where a person then removes it by its old place, which his folder shows still', async () => {
  const steps: readonly Step[] = [
    syncOf('ann', 1),
    act('bob', { act: 'mkdir', path: 'x.txt' }),
    syncOf('bob', 2),
    act('ann', { act: 'write', path: 'x.txt', text: 'ann', saved: false }),
    act('bob', { act: 'move', path: 'x.txt', to: 'x.txt.old' }),
    syncOf('ann', 3),
    syncOf('bob', 4),
    { do: 'resolve', device: 'bob', keep: 'local', number: 0, run: 5 },
    act('bob', { act: 'move', path: 'x.txt.old', to: 'x (conflict ann 2026-01-02).txt' }),
  ];
  const result = await runHistory(history(['ann', 'bob'], steps));
  expect(result.log).toContain('bob keeps local of x (conflict ann 2026-01-02).txt and x.txt.old');
  expect(result).toMatchObject({ failure: undefined });
});

test('what is removed in a folder that nobody may read is unknown: left out in the meantime, it stays in the vault', async () => {
  const act = (what: UserAct): Step => ({ do: 'act', device: 'ann', act: what });
  const steps: readonly Step[] = [
    act({ act: 'mkdir', path: 'a' }),
    act({ act: 'write', path: 'a/b', text: 'one', saved: false }),
    syncOf('ann', 1),
    act({ act: 'remove', path: 'a/b' }),
    act({ act: 'lock', path: 'a' }),
    syncOf('ann', 2),
    { do: 'select', device: 'ann', selection: 'exclude', path: 'a' },
  ];
  expect(await runHistory(history(['ann'], steps))).toMatchObject({ failure: undefined });
});

test('what came too late counts as new where it was made, though somebody had overwritten it while it held', async () => {
  const late: Step = { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 8, store: { staleListMs: 30_000 }, meanwhile: [] }] };
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'a/b', text: 'one', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('ann', { act: 'link', path: 'a/c', target: 'a' }),
    act('ann', { act: 'append', path: 'a/b', text: ' and more' }),
    act('ann', { act: 'write', path: 'a/e', text: 'two', saved: false }),
    syncOf('ann', 4),
    syncOf('eve', 6),
    act('bob', { act: 'remove', path: 'a' }),
    act('eve', { act: 'write', path: 'a/e', text: 'three', saved: false }),
    late,
    syncOf('eve', 9),
  ];
  // Which of two entries made at once comes first is left to chance.
  const results = await Promise.all([1, 2, 3, 4].map((seed) => runHistory({ ...history(['ann', 'bob', 'eve'], steps), seed })));
  expect(results.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined, undefined]);
});

test('what a device published and is void, since another one was first at the place, counts for nobody once that device is removed', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'write', path: 'b', text: 'one', saved: false }),
    syncOf('ann', 1),
    act('ann', { act: 'move', path: 'b', to: 'e' }),
    act('ann', { act: 'write', path: 'e', text: 'two', saved: false }),
    act('bob', { act: 'mkdir', path: 'e' }),
    syncOf('ann', 3),
    { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 4, store: { staleListMs: 30_000 }, meanwhile: [] }] },
    { do: 'remove', device: 'ann', by: 'bob' },
  ];
  expect(await runHistory(history(['ann', 'bob'], steps))).toMatchObject({ failure: undefined });
});

const saved: UserAct = { act: 'write', path: 'f', text: 'three', saved: true };
const removed: UserAct = { act: 'remove', path: 'f' };
const more: UserAct = { act: 'append', path: 'f', text: ' and more' };
const afterwards: readonly [string, readonly UserAct[]][] = [
  ['may stand beside the file that a person puts in its place', [saved]],
  ['may stand beside the file that a person puts in the place of what he has made of it', [more, saved]],
  ['comes once more where a person removes it', [removed]],
  ['comes once more where a person removes what he has made of it', [more, removed]],
];

const ends: readonly [string, (at: number) => Meanwhile][] = [
  ['a killed engine', (at) => ({ at, what: 'kill' })],
  ['an engine whose disk failed', (at) => ({ at, what: 'errno', code: 'EIO' })],
];
const endings = ends.flatMap(([whose, end]) => afterwards.map(([what, acts]) => ({ whose, end, what, acts })));

// By a failing disk: the random history `disk errors` 9800103.
test.each(endings)('what $whose has placed and not recorded $what', async ({ end, acts }) => {
  const ended = (at: number): Step => ({
    do: 'sync',
    policy: 'any',
    runs: [{ device: 'bob', run: 3, store: {}, meanwhile: [end(at)] }],
  });
  const failures: (Error | undefined)[] = [];
  for (let at = 60; at < 100; at += 1) {
    const steps: readonly Step[] = [
      act('eve', { act: 'write', path: 'e', text: 'one', saved: false }),
      syncOf('eve', 1),
      syncOf('bob', 2),
      act('eve', { act: 'write', path: 'f', text: 'two', saved: false }),
      syncOf('eve', 4),
      ended(at),
      ...acts.map((done) => act('bob', done)),
    ];
    failures.push((await runHistory(history(['eve', 'bob'], steps))).failure);
  }
  expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
});

// The random history `everything` 9960088.
test('what a killed engine has moved and not recorded comes once more where a person removed it meanwhile', async () => {
  const write = (path: string, text: string): UserAct => ({ act: 'write', path, text, saved: false });
  const told = (meanwhile: readonly Meanwhile[]): History => {
    const steps: readonly Step[] = [
      act('ann', { act: 'mkdir', path: 'a' }),
      act('ann', write('a/b', 'one')),
      act('ann', write('b', 'two')),
      act('ann', write('d', 'three')),
      syncOf('ann', 1),
      syncOf('bob', 2),
      syncOf('eve', 3),
      act('eve', write('a/a', 'four')),
      syncOf('eve', 6),
      act('ann', write('d', 'five')),
      act('eve', write('a/b', 'six')),
      act('eve', { act: 'move', path: 'a', to: 'by eve' }),
      // ann moves the folder when she does not have all yet that is in it.
      act('ann', { act: 'move', path: 'a', to: 'by ann' }),
      syncOf('ann', 7),
      act('ann', { act: 'move', path: 'd', to: 'B' }),
      syncOf('ann', 9),
      { do: 'sync', policy: 'any', runs: [{ device: 'eve', run: 11, store: {}, meanwhile }] },
    ];
    return history(['ann', 'bob', 'eve'], steps);
  };
  const rename = await findCall(told([]), 'eve', 16, 'renameNew');
  const failures: (Error | undefined)[] = [];
  for (let at = rename + 2; at < rename + 60; at += 3) {
    const meanwhile = [
      { at: rename + 2, what: 'act', act: { act: 'remove', path: 'by ann' } } as const,
      { at: at + 1, what: 'kill' } as const,
    ];
    const { failure, log } = await runHistory(told(meanwhile));
    failures.push(failure);
    expect(log).toContain('eve meanwhile remove by ann');
  }
  expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
});

const halfMoved: readonly [string, UserAct][] = [
  ['saves over', { act: 'write', path: 'a', text: 'two', saved: true }],
  ['removes', { act: 'remove', path: 'a' }],
];

test.each(halfMoved)('who %s one of two names that an unfinished move has left of a file has not touched the other', async (_, what) => {
  const act = (done: UserAct, device = 'ann'): Step => ({ do: 'act', device, act: done });
  const devices = [
    { name: 'ann', disk: { hasExchange: false } },
    { name: 'bob', disk: {} },
  ];
  const told = (meanwhile: readonly Meanwhile[]): History => {
    const run: Step = { do: 'sync', policy: 'any', runs: [{ device: 'ann', run: 3, store: {}, meanwhile }] };
    // The folder keeps the name: ann's engine is to give her file the conflict name.
    const before = [act({ act: 'write', path: 'a', text: 'one', saved: false }), syncOf('ann', 1), act({ act: 'mkdir', path: 'a' }, 'bob')];
    const isDone = meanwhile.some((each) => each.what === 'act');
    return { ...history([], [...before, syncOf('bob', 2), run, ...(isDone ? [] : [act(what)])]), devices };
  };
  const link = await findCall(told([]), 'ann', 4, 'link');
  const ends: (readonly [string | undefined, Error | undefined])[] = [];
  for (let at = link + 1; at < link + 8; at += 1) {
    const kill = { at, what: 'kill' } as const;
    const fault = { at, what: 'errno', code: 'EIO' } as const;
    const acts = (when: number): Meanwhile => ({ at: when, what: 'act', act: what });
    // He does it when the engine is dead, or just before; one that can go on takes the other name away.
    for (const meanwhile of [[kill], [acts(at - 1), kill], [acts(at - 1), fault], [fault, acts(at + 1)], [acts(at - 1)]]) {
      const { failure, log } = await runHistory(told(meanwhile));
      ends.push([log.find((line) => line.startsWith('ann: kill')), failure]);
    }
  }
  expect(ends.filter(([, failure]) => failure !== undefined)).toEqual([]);
  // Guard: the file had both names.
  expect(ends.map(([kill]) => kill)).toContain('ann: kill at rename a');
});

test('what appears under a name in other letters, between the last look and a rename, is written over where no disk can help it', async () => {
  const write = (at: number, path: string, text: string): Meanwhile => ({
    at,
    what: 'act',
    act: { act: 'write', path, text, saved: false },
  });
  const run = (device: string, number: number, ...meanwhile: readonly Meanwhile[]): Step => ({
    do: 'sync',
    policy: 'any',
    runs: [{ device, run: number, store: {}, meanwhile }],
  });
  const remove: Meanwhile = { at: 126, what: 'act', act: { act: 'remove', path: 'A' } };
  // Without native calls a stick's file that gets its true name back is renamed over what has just come there.
  const steps = [run('bob', 2, write(76, 'a', 'one')), run('eve', 3, write(61, 'A', 'two'), remove, write(175, 'A', 'three'))];
  const devices = [
    { name: 'bob', disk: {} },
    { name: 'eve', disk: { like: 'stick' as const } },
  ];
  expect(await runHistory({ ...history([], steps), devices, seed: 1_795_378_191 })).toMatchObject({ failure: undefined });
});

test('who moves away what was just being placed, and taken back as he had written there, may find it in both places', async () => {
  const meanwhile = (at: number, act: UserAct): Meanwhile => ({ at, what: 'act', act });
  const write = (text: string): Step => ({ do: 'act', device: 'ann', act: { act: 'write', path: 'a', text, saved: false } });
  const steps = (...acts: readonly Meanwhile[]): Step[] => [
    write('one'),
    syncOf('ann', 1),
    syncOf('bob', 2),
    write('two'),
    syncOf('ann', 3),
    { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 4, store: {}, meanwhile: acts }] },
    { do: 'act', device: 'bob', act: { act: 'remove', path: 'b' } },
  ];
  const exchange = await findCall(history(['ann', 'bob'], steps()), 'bob', 5, 'exchange');
  const failures: unknown[] = [];
  for (const later of [1, 2, 3, 4]) {
    const saves = meanwhile(exchange, { act: 'write', path: 'a', text: 'by bob', saved: true });
    const moves = meanwhile(exchange + later, { act: 'move', path: 'a', to: 'b' });
    failures.push((await runHistory(history(['ann', 'bob'], steps(saves, moves)))).failure);
  }
  expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
});

test('what was copied elsewhere and deleted counts as moved, with what somebody else had made of it by then', async () => {
  const steps = [
    act('ann', { act: 'write', path: 'a', text: 'one', saved: false }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('ann', { act: 'write', path: 'a', text: 'two', saved: false }),
    syncOf('ann', 3),
    act('bob', { act: 'copy', path: 'a', to: 'b' }),
    act('bob', { act: 'remove', path: 'a' }),
    syncOf('bob', 4),
    act('ann', { act: 'remove', path: 'a' }),
  ];
  expect(await runHistory(history(['ann', 'bob'], steps))).toMatchObject({ failure: undefined });
});

test('a folder whose name is written otherwise, on a disk to which that is one name, is a folder that was moved', () => {
  const bob = new SimDevice(new SimVault(5), 'bob', stickPersonality);
  const ledger = new Ledger();
  bob.user.makeFolder('a/below');
  const moved = vi.spyOn(ledger, 'movedFolder');
  expect(doAct(bob, { act: 'move', path: 'a', to: 'A' }, ledger)).toBe(true);
  expect(doAct(bob, { act: 'move', path: 'A/below', to: 'a/BELOW' }, ledger)).toBe(true);
  expect(moved.mock.calls).toEqual([
    ['bob', 'a', 'A'],
    ['bob', 'A/below', 'a/BELOW'],
  ]);
});

test('who removes a file and then the folder it was in has removed a folder: who moved that one meanwhile keeps the file, too', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', { act: 'write', path: 'a/c', text: 'one', saved: false }),
    syncOf('bob', 3),
    act('ann', { act: 'move', path: 'a', to: 'a.old' }),
    act('bob', { act: 'remove', path: 'a/c' }),
    act('bob', { act: 'remove', path: 'a' }),
  ];
  expect(await runHistory(history(['ann', 'bob'], steps))).toMatchObject({ failure: undefined });
  // What everybody knows to be removed stays so.
  const known = [...steps.slice(0, 7), syncOf('bob', 4), ...steps.slice(7)];
  expect(await runHistory(history(['ann', 'bob'], known))).toMatchObject({ failure: undefined });
});

test('a device that was the first in an empty vault, and removed from it, still joins: a list of devices may be late for it', async () => {
  const late = { device: 'ann', run: 2, store: { staleListMs: 30_000 }, meanwhile: [] };
  const steps: readonly Step[] = [
    syncOf('ann', 1),
    { do: 'remove', device: 'ann', by: 'bob' },
    { do: 'wait', ms: 31_000 },
    { do: 'sync', policy: 'any', runs: [late] },
  ];
  const { failure, log } = await runHistory(history(['ann', 'bob'], steps));
  expect(failure).toBeUndefined();
  // Guard: it was late.
  expect(log.some((line) => line.includes('E_EPOCH'))).toBe(true);
});

test('a swap that is refused half-way has moved one of the two: a move is a wish to keep it', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'a/b', text: 'one', saved: false }),
    act('ann', { act: 'write', path: 'd', text: 'two', saved: false }),
    syncOf('ann', 1),
    syncOf('eve', 2),
    act('eve', { act: 'lock', path: 'a' }),
    act('ann', { act: 'move', path: 'd', to: 'f' }),
    act('ann', { act: 'write', path: 'f', text: 'three', saved: false }),
    act('eve', { act: 'swap', path: 'a/b', to: 'd' }),
  ];
  const told = history(['ann', 'eve'], steps);
  const withoutBirths = { ...told, devices: told.devices.map(({ name }) => ({ name, disk: { hasBirthTimes: false } })) };
  expect(await runHistory(withoutBirths)).toMatchObject({ failure: undefined });
});

// Random history: `everything` 10200001.
test('who saves a file durably in a folder that the engine has just made still has it without power: with the way to it', async () => {
  const stepsWith = (meanwhile: readonly Meanwhile[]): readonly Step[] => [
    { do: 'act', device: 'ann', act: { act: 'mkdir', path: 'a' } },
    { do: 'act', device: 'ann', act: { act: 'mkdir', path: 'a/b' } },
    syncOf('ann', 1),
    { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 2, store: {}, meanwhile }] },
  ];
  let acts = 0;
  // Where it gets the news and makes the folders.
  for (let at = 90; at < 150; at += 1) {
    const saved: UserAct = { act: 'write', path: 'a/b/mine', text: 'mine', saved: true };
    const meanwhile: readonly Meanwhile[] = [
      { at, what: 'act', act: saved },
      { at: at + 1, what: 'power' },
    ];
    const { failure, log } = await runHistory(history(['ann', 'bob'], stepsWith(meanwhile)));
    acts += log.some((line) => line.includes('a/b/mine')) ? 1 : 0;
    expect({ at, failure }).toEqual({ at, failure: undefined });
  }
  expect(acts).toBeGreaterThan(0);
});

test('a folder from which somebody removed a file and that he then moved and removed: who moved it meanwhile keeps the file, too', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'c' }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', { act: 'write', path: 'c/d', text: 'one', saved: false }),
    syncOf('bob', 3),
    syncOf('eve', 4),
    act('ann', { act: 'move', path: 'c', to: 'e' }),
    act('eve', { act: 'remove', path: 'c/d' }),
    act('eve', { act: 'move', path: 'c', to: 'e' }),
    act('eve', { act: 'remove', path: 'e' }),
  ];
  expect(await runHistory(history(['ann', 'bob', 'eve'], steps))).toMatchObject({ failure: undefined });
});

test('on a disk to which both spellings are one name, a folder removed and made anew, or a file saved, under the other one was moved there', async () => {
  const [ann, bob] = [
    { name: 'ann', disk: { foldsCase: true } },
    { name: 'bob', disk: {} },
  ];
  const folder: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    syncOf('ann', 1),
    syncOf('bob', 2),
    act('bob', { act: 'write', path: 'a/b', text: 'one', saved: false }),
    act('ann', { act: 'remove', path: 'a' }),
    syncOf('bob', 3),
    act('ann', { act: 'mkdir', path: 'A' }),
    act('bob', { act: 'remove', path: 'a' }),
  ];
  expect(await runHistory({ ...history([], folder), devices: [ann, bob] })).toMatchObject({ failure: undefined });
  const file: readonly Step[] = [
    act('bob', { act: 'write', path: 'B', text: 'one', saved: false }),
    syncOf('bob', 1),
    syncOf('ann', 2),
    act('bob', { act: 'write', path: 'B', text: 'two', saved: false }),
    act('ann', { act: 'write', path: 'b', text: 'three', saved: true }),
    syncOf('bob', 3),
    syncOf('ann', 4),
    act('bob', { act: 'remove', path: 'B' }),
  ];
  expect(await runHistory({ ...history([], file), devices: [ann, bob] })).toMatchObject({ failure: undefined });
});

test('a file that was copied, written to and removed was moved where the copy is: what another wrote into it comes there, and is kept', async () => {
  const meanwhile = [
    { at: 47, what: 'act', act: { act: 'write', path: 'b', text: 'three', saved: false } },
    { at: 62, what: 'act', act: { act: 'remove', path: 'b' } },
  ] as const;
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'b', text: 'one', saved: false }),
    act('ann', { act: 'write', path: 'd', text: 'two', saved: false }),
    syncOf('ann', 3),
    syncOf('bob', 4),
    act('ann', { act: 'write', path: 'b', text: 'by ann', saved: false }),
    act('bob', { act: 'move', path: 'a', to: 'd' }),
    act('bob', { act: 'copy', path: 'b', to: 'd/b' }),
    syncOf('ann', 5),
    { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 6, store: {}, meanwhile }] },
    act('ann', { act: 'remove', path: 'b' }),
  ];
  expect(await runHistory(history(['ann', 'bob'], steps))).toMatchObject({ failure: undefined });
});

test('a folder that a disk shows with a mark is the one that others know by its name: who moved it keeps what is in it', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'é.txt' }),
    syncOf('ann', 3),
    syncOf('bob', 4),
    act('ann', { act: 'write', path: 'é.txt/é.txt', text: 'one', saved: false }),
    act('eve', { act: 'write', path: 'É.txt', text: 'two', saved: false }),
    syncOf('ann', 6),
    syncOf('eve', 7),
    act('bob', { act: 'move', path: 'é.txt', to: 'É.txt' }),
    act('eve', { act: 'remove', path: 'é~cachette-f9c327.txt' }),
  ];
  const devices = [
    { name: 'ann', disk: {} },
    { name: 'bob', disk: { like: 'windows' } },
    { name: 'eve', disk: { like: 'apple' } },
  ] as const;
  const { failure, log } = await runHistory({ ...history([], steps), devices });
  expect([failure, log.includes('eve remove é~cachette-f9c327.txt')]).toEqual([undefined, true]);
});

test('without birth times, a folder that changes places with a file is a new one: who moved the old one keeps what was in it', async () => {
  const steps: readonly Step[] = [
    act('ann', { act: 'mkdir', path: 'a' }),
    act('ann', { act: 'write', path: 'b', text: 'one', saved: false }),
    syncOf('ann', 2),
    syncOf('bob', 3),
    act('ann', { act: 'write', path: 'a/a', text: 'two', saved: false }),
    act('bob', { act: 'move', path: 'a', to: 'a.old' }),
    syncOf('ann', 6),
    syncOf('bob', 7),
    act('ann', { act: 'swap', path: 'b', to: 'a' }),
    act('ann', { act: 'write', path: 'b/e', text: 'three', saved: false }),
    act('ann', { act: 'remove', path: 'b/a' }),
  ];
  const devices = [
    { name: 'ann', disk: { hasBirthTimes: false } },
    { name: 'bob', disk: {} },
  ];
  expect(await runHistory({ ...history([], steps), devices })).toMatchObject({ failure: undefined });
});

test('a store that damages what it gives may have it name keys of an epoch that there never was', async () => {
  const steps: readonly Step[] = [
    { do: 'act', device: 'ann', act: { act: 'link', path: 'a:b', target: 'É.txt' } },
    syncOf('ann', 3),
    { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 6, store: { corrupt: 0.03 }, meanwhile: [] }] },
  ];
  const { failure, log } = await runHistory({ ...history(['ann', 'bob'], steps), seed: 18_900_241 });
  expect(failure).toBeUndefined();
  // Guard: it did.
  expect(log.some((line) => line.includes('E_EPOCH'))).toBe(true);
});
