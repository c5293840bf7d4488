import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../../src/base/bytes.ts';
import { passphraseBounds } from '../../../src/crypto/passphrase.ts';
import { decodeStrict, encode, type CborValue } from '../../../src/vault/cbor.ts';
import { changeKeyList } from '../../../src/vault/keyring/change-key-list.ts';
import { makeDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { keyListHash, keyListName, type KeyList } from '../../../src/vault/keyring/key-list.ts';
import { encodeKeyList } from '../../../src/vault/keyring/key-list-wire.ts';
import type { KeyListChange } from '../../../src/vault/keyring/next-key-list.ts';
import { makeNextKeyList } from '../../../src/vault/keyring/next-key-list.ts';
import { makeSlotSeed, sealSlot } from '../../../src/vault/keyring/slot.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';
import { expectFailure, failureOf, KeyringWorld, type Machine, passphrase, quickPrimitives } from './keyring-world.ts';

/** Laptop made the vault, desk and phone joined; everyone has seen the third list. */
async function threeDevices(seed: string): Promise<{ world: KeyringWorld; laptop: Machine; desk: Machine; phone: Machine }> {
  const world = new KeyringWorld(seed);
  const laptop = await world.founder();
  const desk = await world.joined('desk');
  const phone = await world.joined('phone');
  await laptop.keyring.refresh();
  await desk.keyring.refresh();
  return { world, laptop, desk, phone };
}

/** A list that this device could make now, without publishing it. */
function listBy(machine: Machine, change: KeyListChange): KeyList {
  const author = { holder: { kind: 'device', id: machine.own.id } as const, signingSeed: machine.own.secrets.signingSeed };
  return makeNextKeyList(machine.deps, machine.keyring.state(), author, change).list;
}

function put(world: KeyringWorld, list: KeyList): string {
  const name = keyListName(list.body.generation, list.hash);
  world.write(name, list.bytes);
  return name;
}

/** Any other device that a list may bring in. */
function stranger(seed: string): {
  id: ReturnType<typeof makeDeviceKeys>['id'];
  keys: ReturnType<typeof makeDeviceKeys>['publicKeys'];
  name: string;
  addedMs: number;
} {
  const { id, publicKeys } = makeDeviceKeys(quickPrimitives, seededRandom(seed));
  return { id, keys: publicKeys, name: seed, addedMs: 0 };
}

const damages: readonly (readonly [string, (bytes: Uint8Array, at: number) => Uint8Array])[] = [
  ['one bit flipped', (bytes, at) => bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << (at % 8)) : byte))],
  ['one byte cut off', (bytes) => bytes.subarray(0, -1)],
  ['half of it', (bytes) => bytes.subarray(0, bytes.length >> 1)],
  ['nothing left', () => new Uint8Array()],
  ['one byte more', (bytes) => concatBytes([bytes, Uint8Array.of(0)])],
  ['other bytes', (bytes) => seededRandom('noise').bytes(bytes.length)],
];

describe.each(damages)('an object of the vault with %s', (_, damage) => {
  test('stops every device that knows the vault, and all goes on when it is put back', async () => {
    const { world, laptop } = await threeDevices('damaged');
    for (const name of world.names()) {
      const bytes = world.object(name);
      for (let at = 0; at < 40; at += 1) {
        const changed = damage(bytes, Math.floor((at * bytes.length) / 40) + (at % 7));
        world.write(name, changed);
        const pin = laptop.pin;
        // Version and key-derivation fields are named as such; both refuse just the same.
        await expectFailure(laptop.restart(), 'E_TAMPER', ...(changed.length === bytes.length ? ['E_DOWNGRADE', 'E_KDF_BOUNDS'] : []));
        expect(laptop.pin).toBe(pin);
        if (changed.length !== bytes.length) break;
      }
      world.write(name, bytes);
      await laptop.restart();
    }
  });

  test('stops a new device', async () => {
    const { world } = await threeDevices('damaged for a joiner');
    for (const name of world.names()) {
      const bytes = world.object(name);
      world.write(name, damage(bytes, bytes.length - 9));
      const count = world.names().length;
      await expectFailure(world.joined(`new ${name}`), 'E_TAMPER', 'E_FORMAT');
      expect(world.names()).toHaveLength(count);
      world.write(name, bytes);
    }
  });
});

describe('objects that', () => {
  test('are missing: a list in the middle, the newest list, genesis, everything', async () => {
    const { world, laptop } = await threeDevices('missing');
    const [genesis, first, second, third] = world.names().map((name) => ({ name, bytes: world.object(name) }));
    const without = async (gone: readonly (typeof genesis)[], code: string): Promise<void> => {
      for (const object of gone) world.write(object!.name, undefined);
      await expectFailure(laptop.restart(), code);
      // A running device has verified the older ones, and asks for the newest alone.
      if (gone.includes(third)) await expectFailure(laptop.keyring.refresh(), code);
      else await laptop.keyring.refresh();
      for (const object of gone) world.write(object!.name, object!.bytes);
      await laptop.restart();
    };
    await without([second], 'E_MISSING');
    await without([first], 'E_MISSING');
    await without([third], 'E_ROLLBACK');
    await without([second, third], 'E_ROLLBACK');
    await without([first, second, third], 'E_MISSING');
    await without([genesis, first, second, third], 'E_STORE_EMPTY');
    world.write('genesis', undefined);
    await expectFailure(laptop.restart(), 'E_MISSING');
    await expectFailure(world.joined('new'), 'E_MISSING');
  });

  test('are swapped stop everyone', async () => {
    const { world, laptop } = await threeDevices('swapped');
    const names = world.names();
    for (const [at, a] of names.entries()) {
      for (const b of names.slice(at + 1)) {
        const [bytesA, bytesB] = [world.object(a), world.object(b)];
        world.write(a, bytesB);
        world.write(b, bytesA);
        await expectFailure(laptop.restart(), 'E_TAMPER', 'E_MISSING');
        await expectFailure(world.joined(`new ${a} ${b}`), 'E_TAMPER', 'E_FORMAT', 'E_MISSING');
        world.write(a, bytesA);
        world.write(b, bytesB);
      }
    }
    await laptop.restart();
  });

  test('are no part of the vault are counted and harm nobody', async () => {
    const { world, laptop } = await threeDevices('foreign');
    const other = new KeyringWorld('other vault');
    await other.founder();
    const [, alien] = other.names();
    world.write(alien!, other.object(alien!));
    world.write('keys/readme', utf8('hello'));
    const [, first] = world.names('keys/');
    world.write(`keys/000009-${'ab'.repeat(8)}`, world.object(first!));
    await laptop.restart();
    expect(laptop.keyring.foreignObjects).toBe(3);
    const tablet = await world.joined('tablet');
    expect(tablet.deviceNames()).toEqual(['desk', 'laptop', 'phone', 'tablet']);
    // Rubbish after the newest list: a device that knows the vault goes on, a new one can't tell it from a damaged list.
    world.write(`keys/000005-${'cd'.repeat(8)}`, seededRandom('noise').bytes(2000));
    await laptop.restart();
    expect(laptop.keyring.foreignObjects).toBe(4);
    await expectFailure(world.joined('watch'), 'E_TAMPER');
  });

  test('are many are not even fetched', async () => {
    const { world, laptop } = await threeDevices('flood');
    for (let at = 0; at < 20_001; at += 1) world.write(`keys/${String(at).padStart(7, '0')}`, new Uint8Array());
    await expectFailure(laptop.restart(), 'E_LIMIT');
  });

  test('are half there for a moment, or listed late, are waited for', async () => {
    const { world, laptop } = await threeDevices('slow');
    const tablet = world.machine('tablet');
    Object.assign(tablet.store.faults, { halfVisible: 1, halfVisibleMs: 4_000 });
    await tablet.join(world.recovery);
    await laptop.restart();
    expect(laptop.deviceNames()).toHaveLength(4);
    // A listing from an hour ago: what is pinned is asked for by name.
    Object.assign(laptop.store.faults, { staleListMs: 3_600_000 });
    await laptop.restart();
    expect(laptop.deviceNames()).toHaveLength(4);
  });

  test('are of a newer version stop everyone, in words about versions', async () => {
    const { world, laptop } = await threeDevices('newer');
    const body = decodeStrict(listBy(laptop, {}).bodyBytes, 1 << 20) as CborValue[];
    const bytes = encode([encode([2, ...body.slice(1), null]), new Uint8Array(64)]);
    world.write(keyListName(4, keyListHash(quickPrimitives, bytes)), bytes);
    // Beyond what a device has seen, something unreadable is not yet its business; for a new one it is.
    const failure = await failureOf(world.joined('new'));
    expect([failure.code, failure.action]).toEqual(['E_DOWNGRADE', expect.stringContaining('update')]);
    await laptop.restart();
    world.write('genesis', encode([2, 1]));
    await expectFailure(laptop.restart(), 'E_DOWNGRADE');
  });
});

describe('another vault in the place of the known one', () => {
  test('is told from a changed genesis', async () => {
    const { world, laptop } = await threeDevices('replaced');
    const other = new KeyringWorld('replacing vault');
    await other.founder('laptop', [passphrase]);
    for (const name of world.names()) world.write(name, undefined);
    for (const name of other.names()) world.write(name, other.object(name));
    await expectFailure(laptop.restart(), 'E_REPLACED_VAULT');
    await expectFailure(laptop.keyring.refresh(), 'E_REPLACED_VAULT');
  });

  test('does not open with a slot taken from it, same passphrase or not', async () => {
    const { world } = await threeDevices('slot of another vault');
    const other = new KeyringWorld('the other');
    await other.founder('laptop', [passphrase, other.recovery]);
    // The store puts the other vault's sealed seed into this vault's list.
    const [, name] = world.names();
    const [, otherName] = other.names();
    const swapped = withSlots(world.object(name!), slotsOf(other.object(otherName!)));
    for (const key of world.names('keys/')) world.write(key, undefined);
    world.write(keyListName(1, keyListHash(quickPrimitives, swapped)), swapped);
    await expectFailure(world.joined('new', passphrase), 'E_UNTRUSTED_DEVICE');
  });
});

describe('key derivation that the store asks for', () => {
  const { passes, memoryKib } = passphraseBounds;
  test.each([
    ['one pass', [1, passes.floor - 1, memoryKib.written, 1, 16]],
    ['no pass', [1, 0, memoryKib.written, 1, 16]],
    ['a million passes', [1, 1_000_000, memoryKib.written, 1, 16]],
    ['8 KiB', [1, passes.written, 8, 1, 16]],
    ['just below the floor', [1, passes.written, memoryKib.floor - 1, 1, 16]],
    ['64 GiB', [1, passes.written, 64 * 1024 * 1024, 1, 16]],
    ['two lanes', [1, passes.written, memoryKib.written, 2, 16]],
    ['another function', [2, passes.written, memoryKib.written, 1, 16]],
    ['a short salt', [1, passes.written, memoryKib.written, 1, 8]],
    ['no salt', [1, passes.written, memoryKib.written, 1, 0]],
  ] as const)('is refused before any is run: %s', async (_, [algorithm, passesAsked, memoryAsked, lanes, saltBytes]) => {
    let isRun = false;
    const watchful = { ...quickPrimitives, argon2id: async () => Promise.resolve(((isRun = true), new Uint8Array(32))) };
    const world = new KeyringWorld('kdf', watchful);
    const laptop = await world.founder('laptop', [passphrase]);
    isRun = false;
    const [, name] = world.names();
    const weakened = withSlots(
      world.object(name!),
      slotsOf(world.object(name!)).map((slot) => {
        const [, sealedSeed] = slot[6] as [CborValue, CborValue];
        return [...slot.slice(0, 6), [[algorithm, passesAsked, memoryAsked, lanes, new Uint8Array(saltBytes)], sealedSeed]];
      }),
    );
    // Under the old name, and as a list that the store made up.
    world.write(name!, weakened);
    await expectFailure(world.joined('new', passphrase), 'E_KDF_BOUNDS');
    await expectFailure(laptop.restart(), 'E_KDF_BOUNDS');
    world.write(name!, undefined);
    world.write(keyListName(1, keyListHash(quickPrimitives, weakened)), weakened);
    await expectFailure(world.joined('newer', passphrase), 'E_KDF_BOUNDS');
    expect(isRun).toBe(false);
    expect(world.clock.nowMs()).toBeLessThan(1_700_000_000_000 + 60_000);
  });
});

describe('lists that nobody was allowed to make', () => {
  test('by a stranger, by a removed device, by the new device itself: all are told, none is taken in', async () => {
    const { world, laptop, desk, phone } = await threeDevices('ghosts');
    const ghost = world.machine('ghost');
    const by = (machine: Machine): KeyList =>
      makeNextKeyList(
        machine.deps,
        laptop.keyring.state(),
        { holder: { kind: 'device', id: machine.own.id }, signingSeed: machine.own.secrets.signingSeed },
        { addDevices: [stranger('ghost')] },
      ).list;
    const byGhost = put(world, by(ghost));
    await expectFailure(desk.restart(), 'E_UNTRUSTED_DEVICE');
    world.write(byGhost, undefined);
    // Named after a member, but not signed by it.
    const forgery = encodeKeyList(quickPrimitives, by(laptop).body, quickPrimitives.signingPair(ghost.own.secrets.signingSeed).secretKey);
    const forged = put(world, forgery);
    await expectFailure(desk.restart(), 'E_UNTRUSTED_DEVICE');
    await expectFailure(world.joined('new'), 'E_UNTRUSTED_DEVICE');
    world.write(forged, undefined);
    await desk.restart();

    await changeKeyList(laptop.deps, laptop.keyring, laptop.own, ({ list }) =>
      list.body.generation === 3 ? { revokeDevices: [phone.own.id] } : undefined,
    );
    await expectFailure(phone.restart(), 'E_REVOKED');
    await expectFailure(phone.keyring.refresh(), 'E_REVOKED');
    put(world, by(phone));
    await expectFailure(desk.restart(), 'E_REVOKED_WRITER');
  });
});

describe('a removed device, helped by the store', () => {
  /** Laptop removed the phone; the phone can still make lists that follow the one before. */
  async function removed(
    seed: string,
  ): Promise<{ world: KeyringWorld; laptop: Machine; desk: Machine; phone: Machine; rival: (change: KeyListChange) => KeyList }> {
    const all = await threeDevices(seed);
    const { laptop, phone } = all;
    await changeKeyList(laptop.deps, laptop.keyring, laptop.own, ({ list }) =>
      list.body.generation === 3 ? { revokeDevices: [phone.own.id] } : undefined,
    );
    // The phone's keyring has not refreshed: it still makes lists of generation 4.
    return { ...all, rival: (change) => listBy(phone, change) };
  }

  test('does not talk back whoever has seen the removal, with any list it makes up', async () => {
    const { world, laptop, desk, rival } = await removed('talk back');
    await desk.keyring.refresh();
    expect(desk.keyring.devices.find(({ name }) => name === 'phone')?.state).toBe('revoked');
    const [, , , , honest] = world.names();
    for (const change of [{}, { addDevices: [stranger('ghost')] }, { beginEpoch: true }, { revokeDevices: [laptop.own.id] }]) {
      const name = put(world, rival(change));
      // Beside the removal it loses, or contradicts what was seen; in its place it contradicts in any case.
      await desk.restart();
      await laptop.restart();
      expect(desk.keyring.devices.some(({ name: device }) => device === 'ghost')).toBe(false);
      const bytes = world.object(honest!);
      world.write(honest!, undefined);
      await expectFailure(desk.restart(), 'E_FORK');
      world.write(honest!, bytes);
      world.write(name, undefined);
    }
    await desk.restart();
  });

  test('that was enrolled before the one who removed it: those who have seen the removal refuse its own', async () => {
    const { world, desk, phone, laptop } = await threeDevices('elder');
    // Phone is the youngest: it removes the laptop, the laptop (elder) removes the phone. The elder's list holds for the rest.
    const byPhone = listBy(phone, { revokeDevices: [laptop.own.id] });
    const byLaptop = listBy(laptop, { revokeDevices: [phone.own.id] });
    put(world, byPhone);
    put(world, byLaptop);
    await desk.restart();
    expect(desk.pin?.keyListHash).toBe(byLaptop.hash);
    await expectFailure(phone.restart(), 'E_REVOKED');
    // Whoever had seen the younger one's removal first is not talked back either: the laptop was gone for it.
    const tablet = world.machine('desk again');
    Object.assign(tablet, { own: desk.own, vaultId: desk.vaultId, pin: { keyListHash: byPhone.hash, keyListGeneration: 4, epoch: 2 } });
    await expectFailure(tablet.restart(), 'E_FORK');
  });

  test('can show a device that saw nothing of it another history, which ends in a fork as soon as the true one shows', async () => {
    const { world, desk, rival } = await removed('other branch');
    const [, , , , honest] = world.names();
    const bytes = world.object(honest!);
    world.write(honest!, undefined);
    put(world, rival({ revokeDevices: [desk.own.id] }));
    await expectFailure(desk.restart(), 'E_REVOKED');
    world.write(honest!, bytes);
    // The laptop is elder: its removal of the phone stands before the phone's removal of the desk.
    await desk.restart();
    expect(desk.keyring.devices.map(({ state }) => state)).toEqual(['active', 'active', 'revoked']);
  });

  test('has a branch of its own that outgrows the other: a new device does not choose between them', async () => {
    const { world, desk, phone, rival } = await removed('two branches');
    const rivalList = rival({ revokeDevices: [desk.own.id] });
    put(world, rivalList);
    await expect(world.joined('before')).resolves.toBeDefined();
    const branch = world.store.fork();
    for (const name of branch.medium.names('keys/')) {
      if (Number(name.slice(5, 11)) > 3 && name !== keyListName(4, rivalList.hash)) branch.medium.write(name, undefined);
    }
    const there = world.machine('phone there', branch);
    Object.assign(there, { own: phone.own, vaultId: phone.vaultId, pin: phone.pin });
    await there.restart();
    for (let more = 0; more < 3; more += 1) {
      const list = listBy(there, {});
      put(world, list);
      branch.medium.write(keyListName(list.body.generation, list.hash), list.bytes);
      await there.keyring.refresh();
    }
    await expectFailure(world.joined('after'), 'E_FORK');
    await desk.restart();
  });

  test('may not write under a list that it made up, and brings nobody in by it', async () => {
    const { world, laptop, desk, phone, rival } = await removed('backdated');
    const late = rival({ addDevices: [stranger('ghost')] });
    put(world, late);
    await laptop.keyring.refresh();
    await desk.keyring.refresh();
    for (const { keyring } of [laptop, desk]) {
      expect(keyring.findList(late.hash)).toBeDefined();
      expect(keyring.isActive(phone.own.id, late.hash)).toBe(false);
      expect(keyring.isActive(desk.own.id, late.hash)).toBe(true);
      expect(keyring.findList(late.hash)?.activeDevices).not.toContain(phone.own.id);
      expect(keyring.isActive(phone.own.id, keyring.current().hash)).toBe(false);
      expect(keyring.signingKey(phone.own.id)).toBeDefined();
    }
  });
});

describe('after a removal', () => {
  test('the old passphrase opens nothing that is new, and what it opened before says so', async () => {
    const { world, laptop, desk, phone } = await threeDevices('old slot');
    const before = world.store.fork();
    const fresh = await sealSlot(laptop.deps, makeSlotSeed(laptop.deps, 'recovery'), world.recovery, laptop.keyring.vaultId);
    await changeKeyList(laptop.deps, laptop.keyring, laptop.own, ({ list }) =>
      list.body.epoch === 1
        ? { revokeDevices: [phone.own.id], retireSlots: list.body.slots.map(({ id }) => id), addSlots: [fresh] }
        : undefined,
    );
    await desk.keyring.refresh();
    expect([laptop.keyring.epoch, desk.keyring.epoch]).toEqual([2, 2]);
    expect(desk.keyring.epochKeys(2).chunkIdKey).toEqual(laptop.keyring.epochKeys(2).chunkIdKey);
    expect(desk.keyring.epochKeys(1).chunkIdKey).toEqual(phone.keyring.epochKeys(1).chunkIdKey);
    await expectFailure(world.joined('thief', passphrase), 'E_LOCKED');
    const tablet = await world.joined('tablet');
    expect(tablet.keyring.epochKeys(1).chunkIdKey).toEqual(phone.keyring.epochKeys(1).chunkIdKey);
    // A store from before: the old passphrase reaches the old epoch, and not what was written since.
    const late = world.machine('late', before);
    await late.join(passphrase);
    expect(late.keyring.epoch).toBe(1);
    expect(() => late.keyring.epochKeys(2)).toThrow(expect.objectContaining({ code: 'E_EPOCH' }));
    // And whoever has seen more is not shown it.
    const again = world.machine('desk in the past', before);
    Object.assign(again, { own: desk.own, vaultId: desk.vaultId, pin: desk.pin });
    await expectFailure(again.restart(), 'E_ROLLBACK', 'E_FORK');
  });

  test('two removals at once: the one by the elder device holds, the other is made again', async () => {
    const { world, laptop, desk, phone } = await threeDevices('two removals');
    const tablet = await world.joined('tablet');
    for (const { keyring } of [laptop, desk, phone]) await keyring.refresh();
    const byDesk = listBy(desk, { revokeDevices: [tablet.own.id] });
    const byLaptop = listBy(laptop, { revokeDevices: [phone.own.id] });
    put(world, byDesk);
    put(world, byLaptop);
    // Neither takes anything back that the other took: the desk has not pinned its own list yet.
    const isThere = (machine: Machine) => machine.keyring.devices.find(({ name }) => name === 'tablet')?.state === 'active';
    await changeKeyList(desk.deps, desk.keyring, desk.own, () => (isThere(desk) ? { revokeDevices: [tablet.own.id] } : undefined));
    await laptop.keyring.refresh();
    expect(laptop.keyring.devices.map(({ state }) => state)).toEqual(['active', 'active', 'revoked', 'revoked']);
    expect(laptop.pin).toEqual(desk.pin);
    // Whoever had seen the list that lost is not stopped any more, now that what it took away is gone in the other, too.
    const other = world.machine('pinned the loser');
    Object.assign(other, { own: laptop.own, vaultId: laptop.vaultId, pin: { keyListHash: byDesk.hash, keyListGeneration: 5, epoch: 2 } });
    await other.restart();
    expect(other.pin).toEqual(laptop.pin);
  });
});

/** A list's slots as they stand in its bytes. */
function slotsOf(bytes: Uint8Array): CborValue[][] {
  const [body] = decodeStrict(bytes, 1 << 20) as [Uint8Array];
  return (decodeStrict(body, 1 << 20) as CborValue[])[8] as CborValue[][];
}

/** The list with other slots; its signature no longer fits. */
function withSlots(bytes: Uint8Array, slots: readonly CborValue[]): Uint8Array {
  const [body, signature] = decodeStrict(bytes, 1 << 20) as [Uint8Array, Uint8Array];
  const fields = decodeStrict(body, 1 << 20) as CborValue[];
  return encode([encode([...fields.slice(0, 8), slots, ...fields.slice(9)]), signature]);
}

test('a list that a late listing leaves out is found when somebody names it, with all before it', async () => {
  const world = new KeyringWorld('late listing');
  const laptop = await world.founder();
  await world.clock.sleep(60_000);
  await world.joined('desk', passphrase);
  const phone = await world.joined('phone', passphrase);
  laptop.store.faults.staleListMs = 30_000;
  await laptop.keyring.refresh();
  expect(laptop.deviceNames()).toEqual(['laptop']);
  await laptop.keyring.refresh(undefined, phone.keyring.current().hash);
  expect(laptop.deviceNames()).toEqual(['desk', 'laptop', 'phone']);
});
