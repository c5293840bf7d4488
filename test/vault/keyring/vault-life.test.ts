import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/base/bytes.ts';
import { makeRecoveryKey } from '../../../src/crypto/recovery-key.ts';
import { Secret } from '../../../src/crypto/secret.ts';
import type { JournalKeys } from '../../../src/vault/journal/journal-keys.ts';
import { adoptLostDevices } from '../../../src/vault/keyring/adopt-lost-devices.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';
import { expectFailure, failureOf, KeyringWorld, passphrase } from './keyring-world.ts';

describe('a new vault', () => {
  test('consists of genesis and one key list, and loads again', async () => {
    const world = new KeyringWorld('new');
    const laptop = await world.founder();
    expect(world.names()).toEqual(['genesis', expect.stringMatching(/^keys\/000001-[0-9a-f]{16}$/)]);
    const again = await laptop.restart();
    expect(again.vaultId).toBe(laptop.vaultId);
    expect(again.devices).toMatchObject([{ id: laptop.own.id, name: 'laptop', state: 'active', addedGeneration: 1 }]);
    expect([again.epoch, again.foreignObjects]).toEqual([1, 0]);
    const forJournal: JournalKeys = again;
    expect(forJournal.current().activeDevices).toEqual([laptop.own.id]);
    expect(again.isActive(laptop.own.id, again.current().hash)).toBe(true);
  });

  test('is refused where any object of a vault stands', async () => {
    for (const name of [
      'genesis',
      'keys/000001-0123456789abcdef',
      'journal/000000000001-0123456789abcdef',
      `packs/ab/ab${'0'.repeat(30)}`,
      'snapshots/0123456789abcdef',
    ]) {
      const world = new KeyringWorld(`occupied ${name}`);
      world.write(name, utf8('something'));
      await expectFailure(world.founder(), 'E_STORE_NOT_EMPTY');
      expect(world.names()).toEqual([name]);
    }
  });

  test('is refused among objects of someone else, but not for what a try at the store left', async () => {
    const world = new KeyringWorld('stranger');
    world.write(`probe/${'0a'.repeat(16)}`, utf8('left by a try'));
    await expect(world.founder()).resolves.toBeDefined();
    const other = new KeyringWorld('stranger');
    other.write('readme', utf8('hello'));
    await expect(other.founder()).rejects.toMatchObject({ code: 'E_STORE_NOT_EMPTY', subject: 'readme' });
  });

  test('made by two devices at once on a store that overwrites: the one whose beginning is gone is told', async () => {
    const world = new KeyringWorld('two founders');
    const [a, b] = [world.machine('a'), world.machine('b')];
    // Both have looked at the empty store before either writes, and b overwrites what a wrote.
    b.store.faults.onExisting = 'overwrite';
    let toldB: () => void = () => undefined;
    const aWrote = new Promise<void>((resolve) => (toldB = resolve));
    let toldA: () => void = () => undefined;
    const bWrote = new Promise<void>((resolve) => (toldA = resolve));
    b.store.hooks.before = async ({ verb }) => (verb === 'putNew' ? aWrote : undefined);
    b.store.hooks.after = ({ verb, name }) => {
      if (verb === 'putNew' && name === 'genesis') toldA();
    };
    a.store.hooks.before = async ({ verb, name }) => {
      if (verb !== 'putNew' || name === 'genesis') return;
      toldB();
      await bWrote;
    };
    const [outcomeA] = await Promise.allSettled([a.create([]), b.create([])]);
    expect(outcomeA).toMatchObject({ status: 'rejected', reason: { code: 'E_STORE_NOT_EMPTY' } });
    await b.restart();
    expect([b.deviceNames(), b.keyring.foreignObjects]).toEqual([['b'], 1]);
  });

  test('needs no slot at all', async () => {
    const world = new KeyringWorld('no slots');
    const laptop = await world.founder('laptop', []);
    await laptop.restart();
    await expectFailure(world.joined('desk', passphrase), 'E_LOCKED');
  });

  test('a store that keeps nothing is found out before the vault is believed in', async () => {
    const world = new KeyringWorld('liar');
    const machine = world.machine('laptop');
    machine.store.faults.dropWrite = 1;
    await expectFailure(machine.create([]), 'E_STORE_BEHAVIOUR');
    expect(machine.pin).toBeUndefined();
  });

  test('is made on a store that shows half objects, loses answers and delivers late', async () => {
    for (const faults of [
      { halfVisible: 1, halfVisibleMs: 500 },
      { loseResponse: 0.1 },
      { lateDelivery: 0.5, lateMs: 700 },
      { duplicate: 1, lateMs: 10 },
    ]) {
      const world = new KeyringWorld(`poor ${Object.keys(faults).join()}`);
      const machine = world.machine('laptop');
      Object.assign(machine.store.faults, faults);
      // Reads that go unanswered are the business of a retrying store around this one: start over.
      let keyring: unknown;
      for (let attempt = 0; attempt < 40 && keyring === undefined; attempt += 1) {
        const failure = await machine.create([world.recovery]).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) keyring = machine.keyring;
        else for (const name of world.names()) world.write(name, undefined);
      }
      Object.assign(machine.store.faults, { loseResponse: 0 });
      await machine.restart();
      expect(machine.deviceNames()).toEqual(['laptop']);
    }
  });
});

describe('joining', () => {
  test.each(['passphrase', 'recovery key'])('by the %s alone', async (what) => {
    const world = new KeyringWorld(`join by ${what}`);
    const laptop = await world.founder();
    const desk = await world.joined('desk', what === 'passphrase' ? passphrase : world.recovery);
    expect(desk.vaultId).toBe(laptop.vaultId);
    expect(desk.deviceNames()).toEqual(['desk', 'laptop']);
    await laptop.keyring.refresh();
    expect(laptop.deviceNames()).toEqual(['desk', 'laptop']);
    expect(laptop.pin).toEqual(desk.pin);
    expect(toHex(laptop.keyring.epochKeys(1).chunkIdKey)).toBe(toHex(desk.keyring.epochKeys(1).chunkIdKey));
    expect(laptop.keyring.devices.find(({ name }) => name === 'desk')?.addedBy.kind).toBe('slot');
    await desk.restart();
  });

  test('is refused for a wrong passphrase or recovery key, in words that hide nothing', async () => {
    const world = new KeyringWorld('wrong secrets');
    await world.founder();
    const before = world.names();
    const wrongPassphrase = await failureOf(
      world.joined('a', { kind: 'passphrase', passphrase: new Secret('correct horse battery stable') }),
    );
    const wrongKey = await failureOf(world.joined('b', { kind: 'recovery', key: makeRecoveryKey(seededRandom('another')) }));
    expect([wrongPassphrase.code, wrongKey.code]).toEqual(['E_LOCKED', 'E_LOCKED']);
    expect(wrongPassphrase.message).toContain('damaged');
    expect(world.names()).toEqual(before);
  });

  test('finds no vault in an empty store', async () => {
    await expectFailure(new KeyringWorld('empty').joined('desk'), 'E_NOT_FOUND');
  });

  test('a second time with the same keys changes nothing', async () => {
    const world = new KeyringWorld('twice');
    await world.founder();
    const desk = await world.joined('desk');
    const before = world.names();
    await desk.join(world.recovery);
    expect(world.names()).toEqual(before);
  });

  test('gives a device whose name is taken another one', async () => {
    const world = new KeyringWorld('same name');
    await world.founder('laptop');
    const second = world.machine('other');
    Object.assign(second, { name: 'laptop' });
    await second.join(world.recovery);
    expect(second.deviceNames()).toEqual(['laptop', 'laptop (2)']);
  });

  test('two devices at once, both looking before either writes: both end up in', async () => {
    const world = new KeyringWorld('at once');
    const laptop = await world.founder();
    const [a, b] = [world.machine('a'), world.machine('b')];
    // Each waits with its first list until the other one has its own ready.
    let ready = 0;
    let open: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (open = resolve));
    for (const { store } of [a, b]) {
      store.hooks.before = async ({ verb, name }) => {
        if (verb !== 'putNew' || !name.startsWith('keys/000002')) return;
        ready += 1;
        if (ready === 2) open();
        await both;
      };
    }
    await Promise.all([a.join(world.recovery), b.join(passphrase)]);
    expect(world.names('keys/000002')).toHaveLength(2);
    for (const machine of [laptop, a, b]) {
      await machine.restart();
      expect(machine.deviceNames()).toEqual(['a', 'b', 'laptop']);
    }
  });

  test('eight devices at once all end up in, in whatever order their requests arrive', async () => {
    for (let round = 0; round < 2; round += 1) {
      const world = new KeyringWorld(`crowd ${round}`);
      const laptop = await world.founder();
      const crowd = Array.from({ length: 8 }, (_, at) => world.machine(`device ${at}`));
      for (const { store } of crowd) Object.assign(store.faults, { latencyMs: 50, latencyJitterMs: 500 });
      const outcomes = await Promise.allSettled(crowd.map(async (machine) => machine.join(world.recovery)));
      expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
      await laptop.keyring.refresh();
      await adoptLostDevices(laptop.deps, laptop.keyring, laptop.own);
      expect(laptop.deviceNames()).toEqual([...crowd.map(({ name }) => name), 'laptop'].toSorted());
      for (const machine of crowd) if (machine.pin !== undefined) await machine.restart();
    }
  });

  test('a device whose list lost after it had looked is taken in by the next one that syncs', async () => {
    const world = new KeyringWorld('late loser');
    const laptop = await world.founder();
    const fork = world.store.fork();
    const late = world.machine('late');
    const early = world.machine('early', fork);
    await early.join(world.recovery);
    await late.join(world.recovery);
    // Whichever list has the smaller hash stands; the other one shows up only now.
    const [mine] = world.names('keys/000002');
    const theirs = fork.medium.names('keys/000002')[0]!;
    world.write(theirs, fork.medium.read(theirs));
    const loser = mine!.slice(-16) < theirs.slice(-16) ? early : late;
    const atLoser = loser === early ? world.machine('early') : late;
    Object.assign(atLoser, { own: loser.own, pin: loser.pin, vaultId: loser.vaultId });
    await expectFailure(atLoser.restart(), 'E_UNTRUSTED_DEVICE');
    await laptop.keyring.refresh();
    expect(laptop.deviceNames()).toHaveLength(2);
    await adoptLostDevices(laptop.deps, laptop.keyring, laptop.own);
    expect(laptop.deviceNames()).toEqual(['early', 'laptop', 'late'].toSorted());
    await atLoser.restart();
    expect(atLoser.deviceNames()).toEqual(['early', 'laptop', 'late'].toSorted());
    // What it wrote under the list that lost still counts as written by a member.
    const lostHash = loser.pin!.keyListHash;
    expect(laptop.keyring.isActive(loser.own.id, lostHash)).toBe(true);
    const before = world.names();
    await adoptLostDevices(laptop.deps, laptop.keyring, laptop.own);
    expect(world.names()).toEqual(before);
  });
});

test('no object holds a name, a passphrase or a secret', async () => {
  const world = new KeyringWorld('canary');
  const laptop = await world.founder('Canary-Laptop-1');
  const desk = await world.joined('Canary-Desk-2', passphrase);
  const secrets = [laptop, desk].flatMap(({ own }) => [own.secrets.signingSeed, own.secrets.agreementSecret]);
  const state = laptop.keyring.state();
  const canaries = [
    utf8('Canary-Laptop-1'),
    utf8('Canary-Desk-2'),
    utf8('correct horse'),
    world.recoveryKey.reveal(),
    state.current.secret,
    ...secrets,
  ];
  for (const name of world.names()) {
    const object = Buffer.from(world.object(name));
    for (const canary of canaries) {
      for (const form of [canary, utf8(toHex(canary)), utf8(Buffer.from(canary).toString('base64'))])
        expect(object.includes(Buffer.from(form))).toBe(false);
    }
  }
});
