import { describe, expect, test } from 'vitest';
import { makeRecoveryKey } from '../../../src/crypto/recovery-key.ts';
import { Secret } from '../../../src/crypto/secret.ts';
import { adoptLostDevices } from '../../../src/vault/keyring/adopt-lost-devices.ts';
import { renameDevice } from '../../../src/vault/keyring/rename-device.ts';
import { replaceSlots } from '../../../src/vault/keyring/replace-slots.ts';
import { revokeDevice, type RemovalReport } from '../../../src/vault/keyring/revoke-device.ts';
import { makeSlotSeed, sealSlot, type OpenableSlot, type SlotSecret } from '../../../src/vault/keyring/slot.ts';
import { slotsKnownTo } from '../../../src/vault/keyring/slots-known-to.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';
import { expectFailure, KeyringWorld, type Machine, passphrase } from './keyring-world.ts';

const otherPassphrase: SlotSecret = { kind: 'passphrase', passphrase: new Secret('another horse, another battery') };
const otherRecovery: SlotSecret = { kind: 'recovery', key: makeRecoveryKey(seededRandom('another recovery key')) };

async function slotFor({ deps, keyring }: Machine, secret: SlotSecret): Promise<OpenableSlot> {
  return sealSlot(deps, makeSlotSeed(deps, secret.kind), secret, keyring.vaultId);
}

async function revoke(by: Machine, device: Machine, secrets: readonly SlotSecret[] = []): Promise<RemovalReport> {
  const replacements = await Promise.all(secrets.map((secret) => slotFor(by, secret)));
  return revokeDevice(by.deps, by.keyring, by.own, { device: device.own.id, replacements });
}

describe('removing a device', () => {
  test('it has no place in the vault any more, and no key of what comes; all others go on', async () => {
    const world = new KeyringWorld('revoke');
    const laptop = await world.founder();
    const desk = await world.joined('desk', world.recovery);
    const phone = await world.joined('phone', passphrase);
    await laptop.keyring.refresh();
    expect(await revoke(laptop, desk, [otherPassphrase, otherRecovery])).toEqual({
      isNew: true,
      retired: ['recovery'],
      replaced: ['recovery'],
    });
    expect(laptop.keyring.epoch).toBe(2);
    await expectFailure(desk.restart(), 'E_REVOKED');
    expect(() => desk.keyring.epochKeys(2)).toThrow('no keys of epoch 2');
    await phone.restart();
    expect(phone.keyring.devices.map(({ name, state }) => `${name} ${state}`)).toEqual(['laptop active', 'desk revoked', 'phone active']);
    expect(phone.keyring.epochKeys(2).chunkIdKey).toEqual(laptop.keyring.epochKeys(2).chunkIdKey);
    // What it came in by opens nothing; what it never had is as it was.
    await expectFailure(world.joined('again', world.recovery), 'E_LOCKED');
    await world.joined('by passphrase', passphrase);
    await world.joined('by new key', otherRecovery);
  });

  test('the founder takes along what it made: both slots, or what stands in their place', async () => {
    const world = new KeyringWorld('revoke founder');
    const laptop = await world.founder();
    const desk = await world.joined('desk', world.recovery);
    expect(await revoke(desk, laptop, [otherRecovery])).toEqual({
      isNew: true,
      retired: ['passphrase', 'recovery'],
      replaced: ['recovery'],
    });
    for (const secret of [passphrase, world.recovery]) await expectFailure(world.joined('late', secret), 'E_LOCKED');
    await world.joined('late', otherRecovery);
  });

  test('a device that another one took in again after a lost race still knows what it came in by', async () => {
    const world = new KeyringWorld('lost and known');
    const laptop = await world.founder();
    const fork = world.store.fork();
    const machines = [world.machine('early', fork), world.machine('late')] as const;
    await Promise.all(machines.map(async (machine) => machine.join(world.recovery)));
    for (const name of fork.medium.names('keys/000002')) world.write(name, fork.medium.read(name));
    await laptop.keyring.refresh();
    await adoptLostDevices(laptop.deps, laptop.keyring, laptop.own);
    const { read, list } = laptop.keyring.state();
    const recovery = list.body.slots.filter(({ kind }) => kind === 'recovery').map(({ id }) => id);
    for (const { own } of machines) expect(slotsKnownTo(read.chain, own.id)).toEqual(recovery);
    expect(laptop.keyring.devices.map(({ addedBy }) => addedBy.kind).toSorted()).toEqual(['device', 'device', 'slot']);
  });

  test('a second time changes nothing; itself, and a stranger, it can not remove', async () => {
    const world = new KeyringWorld('revoke twice');
    const laptop = await world.founder();
    const desk = await world.joined('desk', world.recovery);
    await revoke(laptop, desk, [otherRecovery]);
    const before = world.names();
    expect(await revoke(laptop, desk, [otherRecovery])).toEqual({ isNew: false, retired: [], replaced: [] });
    await expectFailure(revoke(laptop, laptop), 'E_OWN_DEVICE');
    await expectFailure(revoke(laptop, world.machine('stranger')), 'E_NOT_FOUND');
    await expectFailure(revoke(desk, laptop), 'E_REVOKED');
    expect(world.names()).toEqual(before);
  });

  test('two that remove each other at one moment: the one that was there first stays, whoever looks', async () => {
    const world = new KeyringWorld('each other');
    const laptop = await world.founder();
    const desk = await world.joined('desk', world.recovery);
    const phone = await world.joined('phone', passphrase);
    for (const machine of [laptop, desk]) await machine.keyring.refresh();
    let waiting = 0;
    const { promise: both, resolve } = Promise.withResolvers<void>();
    for (const { store } of [laptop, desk]) {
      store.hooks.before = async ({ verb, name }) => {
        if (verb !== 'putNew' || !name.startsWith('keys/000004')) return;
        waiting += 1;
        if (waiting === 2) resolve();
        await both;
      };
    }
    const [byLaptop, byDesk] = await Promise.allSettled([revoke(laptop, desk), revoke(desk, laptop)]);
    expect(byLaptop).toMatchObject({ status: 'fulfilled' });
    expect(byDesk).toMatchObject({ status: 'rejected', reason: { code: 'E_REVOKED' } });
    await phone.restart();
    expect(phone.keyring.devices.map(({ name, state }) => `${name} ${state}`)).toEqual(['laptop active', 'desk revoked', 'phone active']);
  });

  test('two that remove a third one at one moment remove it once, and both go on', async () => {
    const world = new KeyringWorld('one victim');
    const laptop = await world.founder();
    const desk = await world.joined('desk', world.recovery);
    const phone = await world.joined('phone', passphrase);
    for (const machine of [laptop, desk]) await machine.keyring.refresh();
    await Promise.all([revoke(laptop, phone), revoke(desk, phone)]);
    for (const machine of [laptop, desk]) {
      await machine.restart();
      expect(machine.keyring.devices.map(({ state }) => state)).toEqual(['active', 'active', 'revoked']);
    }
    await expectFailure(phone.restart(), 'E_REVOKED');
  });
});

describe('passphrase and recovery key', () => {
  test('a new one takes the place of the old one, which opens nothing that comes', async () => {
    const world = new KeyringWorld('replace');
    const laptop = await world.founder();
    await replaceSlots(laptop.deps, laptop.keyring, laptop.own, { kind: 'passphrase', slot: await slotFor(laptop, otherPassphrase) });
    await expectFailure(world.joined('old', passphrase), 'E_LOCKED');
    await world.joined('new', otherPassphrase);
    await world.joined('by key', world.recovery);
    expect(laptop.keyring.epoch).toBe(2);
  });

  test('A14: the list from before the change opens the old epoch and nothing of the new one', async () => {
    const world = new KeyringWorld('old list');
    const laptop = await world.founder();
    const before = world.store.fork();
    await replaceSlots(laptop.deps, laptop.keyring, laptop.own, { kind: 'passphrase', slot: await slotFor(laptop, otherPassphrase) });
    const thief = world.machine('thief', before);
    await thief.join(passphrase);
    expect(() => thief.keyring.epochKeys(2)).toThrow('no keys of epoch 2');
    // Nor do those who know better go back to it.
    for (const name of world.names('keys/000002')) world.write(name, undefined);
    await expectFailure(laptop.restart(), 'E_ROLLBACK');
  });

  test('none at all, and one where there was none', async () => {
    const world = new KeyringWorld('none');
    const laptop = await world.founder('laptop', [passphrase]);
    await replaceSlots(laptop.deps, laptop.keyring, laptop.own, { kind: 'passphrase', slot: undefined });
    const before = world.names();
    await replaceSlots(laptop.deps, laptop.keyring, laptop.own, { kind: 'passphrase', slot: undefined });
    expect(world.names()).toEqual(before);
    await expectFailure(world.joined('desk', passphrase), 'E_LOCKED');
    await replaceSlots(laptop.deps, laptop.keyring, laptop.own, { kind: 'recovery', slot: await slotFor(laptop, otherRecovery) });
    expect(laptop.keyring.epoch).toBe(2);
    await world.joined('desk', otherRecovery);
  });
});

describe('a name', () => {
  test('is changed for all, in the same epoch, and stays different from all others', async () => {
    const world = new KeyringWorld('rename');
    const laptop = await world.founder();
    const desk = await world.joined('desk');
    await renameDevice(desk.deps, desk.keyring, desk.own, 'tower');
    await laptop.restart();
    expect([laptop.deviceNames(), laptop.keyring.epoch]).toEqual([['laptop', 'tower'], 1]);
    await renameDevice(desk.deps, desk.keyring, desk.own, 'laptop');
    expect(desk.deviceNames()).toEqual(['laptop', 'laptop (2)']);
    const before = world.names();
    await renameDevice(desk.deps, desk.keyring, desk.own, 'laptop (2)');
    await expectFailure(renameDevice(desk.deps, desk.keyring, desk.own, ''), 'E_LIMIT');
    expect(world.names()).toEqual(before);
  });
});
