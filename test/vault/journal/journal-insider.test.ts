import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import type { Change, ChangeGroup, EntryHeader } from '../../../src/model/change.ts';
import { entryName, parseId, type StateRoot } from '../../../src/model/ids.ts';
import { limits } from '../../../src/model/limits.ts';
import { sealEntry, type SealedEntry } from '../../../src/vault/entry/seal-entry.ts';
import { edit, JournalWorld, makeFile, openBook, shown, signal, type JournalDevice } from './journal-world.ts';

/** Fields of a header that an insider sets as it likes; the rest is as an honest author would write it. */
type Lie = Partial<Omit<EntryHeader, 'bodyHash'>>;

/** An entry with a true seal and signature of this device, and a lie in it, put into the store. */
function plant(device: JournalDevice, lie: Lie, groups: readonly ChangeGroup[] = []): SealedEntry {
  const { world, book, keys } = device;
  const own = book.heads().get(device.id);
  const seen = new Map([...book.heads()].filter(([id]) => id !== device.id).map(([id, { counter, hash }]) => [id, { counter, hash }]));
  const lamport = lie.lamport ?? (book.lastBefore(undefined)?.lamport ?? 0) + 1;
  const list = keys.current();
  const fields: Omit<EntryHeader, 'bodyHash'> = {
    lamport,
    epoch: list.epoch,
    device: device.id,
    counter: (own?.counter ?? 0) + 1,
    previous: own?.hash,
    seen,
    keyList: list.hash,
    root: device.root as StateRoot,
    timeMs: 0,
    ...lie,
    name: entryName(lamport, toHex(world.random.bytes(8))),
  };
  const author = { keys: world.epochKeys(fields.epoch), signingKey: keys.signingSecret };
  const entry = sealEntry(world.sealing, author, fields, { groups, packs: [] });
  world.medium.write(entry.name, entry.bytes);
  return entry;
}

/** Two devices at one state; the insider is the second one. */
async function worldOfTwo(): Promise<{ world: JournalWorld; victim: JournalDevice; insider: JournalDevice }> {
  const world = new JournalWorld('memory');
  const [victim, insider] = [world.enrol('victim'), world.enrol('insider')];
  victim.learnLists();
  await victim.write([makeFile('a', 'one')]);
  await insider.write([makeFile('b', 'two')]);
  await victim.write([makeFile('c', 'three')]);
  await insider.catchUp();
  return { world, victim, insider };
}

async function expectRefusal(device: JournalDevice, code: string): Promise<void> {
  const before = device.root;
  await expect(device.catchUp()).rejects.toMatchObject({ code });
  expect(device.root).toBe(before);
}

const nowhere = parseId('EntryHash', 'ab'.repeat(32));

describe('an entry that is sealed and signed, but', () => {
  test('true in everything is taken (guard)', async () => {
    const { victim, insider } = await worldOfTwo();
    plant(insider, {});
    expect((await victim.catchUp()).arrived).toBe(1);
  });

  test.each<[string, string, (insider: JournalDevice, victim: JournalDevice) => void]>([
    [
      'names a root that its tree does not have',
      'E_TAMPER',
      (insider) => {
        plant(insider, { root: 'cd'.repeat(32) as StateRoot });
      },
    ],
    [
      'brings a change that its root does not hold',
      'E_TAMPER',
      (insider) => {
        plant(insider, {}, [[makeFile('x', 'y')]]);
      },
    ],
    [
      'uses up the numbers',
      'E_LIMIT',
      (insider) => {
        plant(insider, { lamport: limits.lamportJumpMax + 100 });
      },
    ],
    [
      'stands before what it has seen',
      'E_CLONED_DEVICE',
      (insider) => {
        plant(insider, { lamport: 1 });
      },
    ],
    [
      'stands beside what it has seen',
      'E_TAMPER',
      (insider) => {
        plant(insider, { lamport: 3 });
      },
    ],
    [
      'saw an entry that nobody has',
      'E_MISSING',
      (insider, victim) => {
        plant(insider, { seen: new Map([[victim.id, { counter: 9, hash: nowhere }]]) });
      },
    ],
    [
      'saw another entry than the one that is there',
      'E_FORK',
      (insider, victim) => {
        plant(insider, { seen: new Map([[victim.id, { counter: 2, hash: nowhere }]]) });
      },
    ],
    [
      'forgot what its device had seen',
      'E_CLONED_DEVICE',
      (insider) => {
        plant(insider, { seen: new Map() });
      },
    ],
    [
      'counts itself among what it has seen',
      'E_FORMAT',
      (insider, victim) => {
        const own = insider.book.heads().get(insider.id);
        const other = insider.book.heads().get(victim.id);
        if (own !== undefined && other !== undefined)
          plant(insider, {
            seen: new Map([
              [insider.id, own],
              [victim.id, other],
            ]),
          });
      },
    ],
    [
      'leaves out a number of its device',
      'E_MISSING',
      (insider) => {
        plant(insider, { counter: 3, previous: nowhere });
      },
    ],
    [
      'uses a number of its device twice',
      'E_CLONED_DEVICE',
      (insider) => {
        plant(insider, { counter: 1, previous: undefined });
      },
    ],
    [
      'follows another entry than its device wrote',
      'E_FORK',
      (insider) => {
        plant(insider, { previous: nowhere });
      },
    ],
    [
      'names a list of devices that does not exist',
      'E_UNTRUSTED_DEVICE',
      (insider) => {
        plant(insider, { keyList: parseId('KeyListHash', 'e'.repeat(64)) });
      },
    ],
    [
      'has another epoch than its list of devices',
      'E_TAMPER',
      (insider) => {
        insider.world.remove(insider.world.enrol('gone'));
        insider.learnLists();
        plant(insider, { epoch: 1 });
      },
    ],
    [
      'says it is by someone else',
      'E_UNTRUSTED_DEVICE',
      (insider, victim) => {
        plant(insider, { device: victim.id });
      },
    ],
    [
      'says it is by nobody',
      'E_UNTRUSTED_DEVICE',
      (insider) => {
        plant(insider, { device: parseId('DeviceId', 'f'.repeat(32)) });
      },
    ],
  ])('%s is %s', async (_, code, run) => {
    const { victim, insider } = await worldOfTwo();
    run(insider, victim);
    await expectRefusal(victim, code);
  });

  test('skips what another device wrote has no effect on it', async () => {
    const { world, victim, insider } = await worldOfTwo();
    const [first] = world.medium.names('journal/');
    const { root } = insider;
    plant(insider, { root: root as StateRoot }, [[{ do: 'skip', entry: first as never }]]);
    await victim.catchUp();
    expect(victim.tree()).toHaveProperty('a');
    expect(victim.root).toBe(root);
  });

  test('skips what its own device wrote long ago takes it away, on every device alike', async () => {
    const { world, victim, insider } = await worldOfTwo();
    await victim.write([edit(victim.at('b'), 'built upon')]);
    await insider.catchUp();
    const own = world.medium.names('journal/')[1];
    // Such a root only the insider could know: it is left to say nothing, upon a vector that nobody else stands at.
    plant(insider, { root: insider.root as StateRoot }, [[{ do: 'skip', entry: own as never }]]);
    await expect(victim.catchUp()).rejects.toMatchObject({ code: 'E_TAMPER' });
  });
});

describe('a checkpoint that is sealed and signed, but', () => {
  function checkpoint(device: JournalDevice, lie: Partial<Extract<Change, { do: 'checkpoint' }>>): ChangeGroup {
    const vector = new Map([...device.book.heads()].map(([id, { counter, hash }]) => [id, { counter, hash }]));
    return [{ do: 'checkpoint', lamport: 3, vector, root: device.root as StateRoot, snapshot: undefined, ...lie }];
  }

  test('true in everything is taken (guard)', async () => {
    const { victim, insider } = await worldOfTwo();
    plant(insider, {}, [checkpoint(insider, {})]);
    expect((await victim.catchUp()).arrived).toBe(1);
  });

  test.each<[string, string, (insider: JournalDevice, victim: JournalDevice) => readonly ChangeGroup[]]>([
    ['names another root', 'E_TAMPER', (insider) => [checkpoint(insider, { root: 'cd'.repeat(32) as StateRoot })]],
    ['reaches beyond itself', 'E_TAMPER', (insider) => [checkpoint(insider, { lamport: 4 })]],
    [
      'leaves out what its author had seen',
      'E_TAMPER',
      (insider, victim) => {
        const vector = new Map(insider.journal.vector());
        vector.delete(victim.id);
        return [checkpoint(insider, { vector })];
      },
    ],
    ['counts what is above it', 'E_TAMPER', (insider) => [checkpoint(insider, { lamport: 2 })]],
    [
      'counts what nobody has',
      'E_TAMPER',
      (insider, victim) => [
        checkpoint(insider, { vector: new Map(insider.journal.vector()).set(victim.id, { counter: 9, hash: nowhere }) }),
      ],
    ],
    [
      'counts another entry',
      'E_TAMPER',
      (insider, victim) => [
        checkpoint(insider, { vector: new Map(insider.journal.vector()).set(victim.id, { counter: 2, hash: nowhere }) }),
      ],
    ],
    ['is one of two', 'E_FORMAT', (insider) => [checkpoint(insider, {}), checkpoint(insider, {})]],
  ])('%s is %s', async (_, code, groups) => {
    const { victim, insider } = await worldOfTwo();
    plant(insider, {}, groups(insider, victim));
    await expectRefusal(victim, code);
  });
});

describe('a checkpoint that makes void what others wrote', () => {
  test('costs nobody anything: authors hear of it, and a device that can not go back begins anew', async () => {
    const { world, victim, insider } = await worldOfTwo();
    for (let at = 0; at < 9; at += 1) await victim.write([makeFile(`later ${at}`, 'x')]);
    // Nobody waits for the insider: to the others it has been silent for long.
    world.clock.advance(31 * 86_400_000);
    const desk = world.enrol('desk');
    victim.learnLists();
    await desk.write([makeFile('by desk', 'x')]);
    await victim.write([makeFile('latest', 'x')]);
    expect(await victim.journal.maybeCheckpoint(signal)).toBe(true);
    const joined = world.enrol('joined');
    victim.learnLists();
    await joined.catchUp();
    const vector = new Map([...insider.book.heads()].map(([id, { counter, hash }]) => [id, { counter, hash }]));
    plant(insider, { lamport: 60 }, [[{ do: 'checkpoint', lamport: 50, vector, root: insider.root as StateRoot, snapshot: undefined }]]);
    await victim.catchUp();
    expect(Object.keys(victim.tree())).toEqual(['a', 'b', 'c']);
    expect(victim.ears.told.filter((told) => told.startsWith('revoked'))).toHaveLength(10);
    await expectRefusal(joined, 'E_INDEX_DAMAGED');
    joined.restart(openBook('memory'));
    await joined.catchUp();
    expect(joined.root).toBe(victim.root);
  });
});

describe('a device that was removed', () => {
  test('is refused under the list that removed it', async () => {
    const { world, victim, insider } = await worldOfTwo();
    world.remove(insider);
    victim.learnLists();
    insider.learnLists();
    plant(insider, {});
    await expectRefusal(victim, 'E_REVOKED_WRITER');
  });

  test('is left out where it goes on under the old list, and does not stop the others', async () => {
    const { world, victim, insider } = await worldOfTwo();
    const desk = world.enrol('desk');
    world.remove(insider);
    for (const device of [victim, desk]) device.learnLists();
    plant(insider, {});
    const report = await victim.catchUp();
    expect(report).toMatchObject({ arrived: 0, refused: [{ device: insider.id, code: 'E_REVOKED_WRITER' }] });
    await desk.write([makeFile('d', 'by desk')]);
    expect(await victim.catchUp()).toMatchObject({ arrived: 1, refused: [{ device: insider.id }] });
    expect(victim.tree()['d']).toBe(shown('by desk'));
    expect(victim.root).toBe(desk.root);
  });

  test('counts with what an active device had seen before', async () => {
    const { world, victim, insider } = await worldOfTwo();
    const desk = world.enrol('desk');
    await insider.write([makeFile('d', 'in time')]);
    await desk.catchUp();
    world.remove(insider);
    for (const device of [victim, desk]) device.learnLists();
    expect((await victim.catchUp()).refused).toHaveLength(1);
    expect(victim.tree()).not.toHaveProperty('d');
    // Desk has seen the entry, and says so.
    expect(desk.journal.owesVouching).toBe(true);
    await desk.journal.heartbeat(signal);
    expect(desk.journal.owesVouching).toBe(false);
    expect(await victim.catchUp()).toMatchObject({ arrived: 2, refused: [] });
    expect(victim.tree()['d']).toBe(shown('in time'));
    expect(victim.root).toBe(desk.root);
  });

  test('an entry under an old list by a device that is still active is taken', async () => {
    const { world, victim, insider } = await worldOfTwo();
    const phone = world.enrol('phone');
    world.remove(phone);
    victim.learnLists();
    plant(insider, {});
    expect((await victim.catchUp()).arrived).toBe(1);
  });
});
