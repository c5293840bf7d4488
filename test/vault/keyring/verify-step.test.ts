import { beforeAll, describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../src/base/bytes.ts';
import type { SlotId } from '../../../src/model/ids.ts';
import { parseId } from '../../../src/model/ids.ts';
import { encode } from '../../../src/vault/cbor.ts';
import { type DeviceKeys, makeDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { openDeviceNames } from '../../../src/vault/keyring/device-names.ts';
import { parseGenesis, vaultIdOf, encodeGenesis, type Genesis } from '../../../src/vault/keyring/genesis.ts';
import type { KeyHolder } from '../../../src/vault/keyring/key-holder.ts';
import type { DeviceRecord, KeyList, KeyListBody } from '../../../src/vault/keyring/key-list.ts';
import { encodeKeyList, parseKeyList } from '../../../src/vault/keyring/key-list-wire.ts';
import {
  type KeyListChange,
  type KeyListState,
  makeFirstKeyList,
  makeNextKeyList,
  type NewDevice,
} from '../../../src/vault/keyring/next-key-list.ts';
import { openEpochs } from '../../../src/vault/keyring/open-epochs.ts';
import { makeSlotSeed, openSlot, sealSlot, type OpenableSlot, type SlotSeed } from '../../../src/vault/keyring/slot.ts';
import { type ChainStart, verifyStep } from '../../../src/vault/keyring/verify-step.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { bytesOf, seededRandom } from '../../crypto/fixed-random.ts';
import { expectFailure, KeyringWorld, passphrase } from './keyring-world.ts';

const world = new KeyringWorld('verify');
const tools = world.machine('tools').deps;
const { primitives } = tools;
const laptop = makeDeviceKeys(primitives, seededRandom('laptop'));
const desk = makeDeviceKeys(primitives, seededRandom('desk'));
const phone = makeDeviceKeys(primitives, seededRandom('phone'));
const slotSeed = makeSlotSeed(tools, 'recovery');
const genesis: Genesis = { random: bytesOf('genesis', 32), device: { id: laptop.id, keys: laptop.publicKeys }, slots: [slotSeed] };
const start: ChainStart = { primitives, genesis, vaultId: vaultIdOf(primitives, encodeGenesis(genesis)) };

let slot: OpenableSlot;
/** Laptop alone. */
let first: KeyListState;
/** Laptop, desk and phone. */
let three: KeyListState;
/** Laptop and phone; desk was removed. */
let without: KeyListState;

beforeAll(async () => {
  slot = await sealSlot(tools, slotSeed, world.recovery, start.vaultId);
  const made = makeFirstKeyList(tools, start.vaultId, { ...asNew(laptop), signingSeed: laptop.secrets.signingSeed }, [slot]);
  first = { list: verifyStep(start, undefined, made.list), current: made.current, names: [asNew(laptop)] };
  three = follow(first, laptop, { addDevices: [asNew(desk), asNew(phone)] });
  without = follow(three, laptop, { revokeDevices: [desk.id] });
});

function asNew(keys: DeviceKeys): NewDevice {
  return { id: keys.id, keys: keys.publicKeys, name: `the ${keys.id.slice(0, 4)}`, addedMs: 1_700_000_000_000 };
}

function make(state: KeyListState, author: DeviceKeys, change: KeyListChange): ReturnType<typeof makeNextKeyList> {
  return makeNextKeyList(tools, state, { holder: { kind: 'device', id: author.id }, signingSeed: author.secrets.signingSeed }, change);
}

function makeBySlot(state: KeyListState, change: KeyListChange): KeyList {
  return makeNextKeyList(tools, state, { holder: { kind: 'slot', id: slot.id }, signingSeed: slotSigningSeed }, change).list;
}

/** The list, verified, as ground for the next one. */
function follow(state: KeyListState, author: DeviceKeys, change: KeyListChange): KeyListState {
  const { list, current } = make(state, author, change);
  const verified = verifyStep(start, state.list, list);
  return { list: verified, current, names: openDeviceNames(tools, list.body, current) };
}

/** The same list with other contents, signed as if that were right. */
function forged(list: KeyList, change: (body: KeyListBody) => Partial<KeyListBody>, signer = laptop): KeyList {
  return encodeKeyList(primitives, { ...list.body, ...change(list.body) }, primitives.signingPair(signer.secrets.signingSeed).secretKey);
}

function refusal(state: KeyListState | undefined, list: KeyList): string {
  return failureCode(() => verifyStep(start, state?.list, list));
}

const device = (keys: DeviceKeys): KeyHolder => ({ kind: 'device', id: keys.id });
const replaceDevice = (body: KeyListBody, at: number, change: Partial<DeviceRecord>): Pick<KeyListBody, 'devices'> => ({
  devices: body.devices.map((record, index) => (index === at ? { ...record, ...change } : record)),
});

let slotSigningSeed: Uint8Array;
beforeAll(async () => {
  slotSigningSeed = (await openSlot(tools, slot, world.recovery, start.vaultId)).signingSeed;
});

describe('a list is accepted', () => {
  test('that adds, removes, brings slots in and retires them, and its secrets can be read by those who stay', async () => {
    const fresh = await sealSlot(tools, makeSlotSeed(tools, 'passphrase'), passphrase, start.vaultId);
    const next = follow(three, desk, { revokeDevices: [phone.id], retireSlots: [slot.id], addSlots: [fresh] });
    const after = follow(next, laptop, { addDevices: [asNew(makeDeviceKeys(primitives, seededRandom('tablet')))] });
    expect(after.list.body.devices.map(({ state }) => state)).toEqual(['active', 'active', 'revoked', 'active']);
    expect(after.list.body.slots.map(({ opening }) => opening === undefined)).toEqual([true, false]);
    expect(after.list.body.epoch).toBe(2);
    const chain = [first, three, next, after].map(({ list }) => list);
    const epochs = openEpochs(tools, chain, { holder: device(laptop), agreementSecret: laptop.secrets.agreementSecret });
    expect(epochs.map(({ epoch, secret }) => [epoch, toHex(secret)])).toEqual([
      [1, toHex(three.current.secret)],
      [2, toHex(next.current.secret)],
    ]);
    // The passphrase that is new can read everything, too; the phone and the retired slot nothing new.
    const seed = await openSlot(tools, fresh, passphrase, start.vaultId);
    expect(openEpochs(tools, chain, { holder: { kind: 'slot', id: fresh.id }, agreementSecret: seed.agreementSecret })).toHaveLength(2);
    const gone = { holder: device(phone), agreementSecret: phone.secrets.agreementSecret };
    expect(failureCode(() => openEpochs(tools, chain, gone))).toBe('E_EPOCH');
    expect(openEpochs(tools, chain.slice(0, 2), gone)).toHaveLength(1);
  });

  test('that begins an epoch without removing anyone', () => {
    expect(follow(three, phone, { beginEpoch: true }).list.body.epoch).toBe(2);
  });

  test('of the most devices and slots that there may be, and of no more', async () => {
    const many = Array.from({ length: 63 }, (_, at) => asNew(makeDeviceKeys(primitives, seededRandom(`many ${at}`))));
    const slots: OpenableSlot[] = [];
    for (let at = 0; at < 15; at += 1) slots.push(await sealSlot(tools, makeSlotSeed(tools, 'recovery'), world.recovery, start.vaultId));
    const full = follow(first, laptop, { addDevices: many, addSlots: slots });
    expect(full.list.bytes.length).toBeLessThan(100_000);
    expect(failureCode(() => make(full, laptop, { addDevices: [asNew(desk)] }))).toBe('E_TOO_LARGE');
    expect(failureCode(() => make(full, laptop, { addSlots: [{ ...slots[0]! }] }))).toBe('E_TOO_LARGE');
    // Removing one makes room.
    follow(full, laptop, { addDevices: [asNew(desk)], revokeDevices: [many[0]!.id] });
  });
});

describe('the author', () => {
  const addPhone = (): KeyListChange => ({ addDevices: [asNew(phone)] });

  test('of the first list is the first device', () => {
    const asDesk = forged(first.list, () => ({ author: device(desk) }), desk);
    expect(refusal(undefined, asDesk)).toBe('E_UNTRUSTED_DEVICE');
    expect(
      refusal(
        undefined,
        forged(first.list, () => ({ author: device(desk) })),
      ),
    ).toBe('E_UNTRUSTED_DEVICE');
  });

  test('is known in the list before', () => {
    expect(refusal(first, make(first, desk, addPhone()).list)).toBe('E_UNTRUSTED_DEVICE');
    expect(refusal(first, make(first, phone, addPhone()).list)).toBe('E_UNTRUSTED_DEVICE');
    const strangeSlot: KeyHolder = { kind: 'slot', id: parseId('SlotId', 'ab'.repeat(16)) };
    expect(
      refusal(
        first,
        forged(make(first, laptop, addPhone()).list, () => ({ author: strangeSlot })),
      ),
    ).toBe('E_UNTRUSTED_DEVICE');
    // A device is no slot, whatever its id.
    const asSlot: KeyHolder = { kind: 'slot', id: laptop.id as unknown as SlotId };
    expect(
      refusal(
        first,
        forged(make(first, laptop, addPhone()).list, () => ({ author: asSlot })),
      ),
    ).toBe('E_UNTRUSTED_DEVICE');
  });

  test('was not removed', async () => {
    expect(refusal(without, make(without, desk, { beginEpoch: true }).list)).toBe('E_REVOKED_WRITER');
    const retired = follow(three, laptop, { retireSlots: [slot.id] });
    const tablet = makeDeviceKeys(primitives, seededRandom('tablet'));
    expect(refusal(retired, makeBySlot(retired, { addDevices: [asNew(tablet)] }))).toBe('E_REVOKED_WRITER');
  });

  test('signed exactly these bytes', () => {
    const { list } = make(first, laptop, addPhone());
    expect(
      refusal(
        first,
        forged(list, () => ({}), desk),
      ),
    ).toBe('E_UNTRUSTED_DEVICE');
    const signature = list.signature.slice();
    signature[40]! ^= 1;
    expect(refusal(first, { ...list, signature })).toBe('E_UNTRUSTED_DEVICE');
    const bodyBytes = list.bodyBytes.slice();
    bodyBytes[bodyBytes.length - 1]! ^= 1;
    expect(refusal(first, { ...list, bodyBytes })).toBe('E_UNTRUSTED_DEVICE');
  });

  test('cannot remove itself', () => {
    expect(refusal(three, make(three, laptop, { revokeDevices: [laptop.id] }).list)).toBe('E_TAMPER');
  });

  test('that is a slot adds one device and nothing else', async () => {
    const tablet = asNew(makeDeviceKeys(primitives, seededRandom('tablet')));
    const watch = asNew(makeDeviceKeys(primitives, seededRandom('watch')));
    expect(refusal(three, makeBySlot(three, { addDevices: [tablet] }))).toBe('no failure');
    expect(refusal(three, makeBySlot(three, {}))).toBe('E_TAMPER');
    expect(refusal(three, makeBySlot(three, { addDevices: [tablet, watch] }))).toBe('E_TAMPER');
    expect(refusal(three, makeBySlot(three, { addDevices: [tablet], beginEpoch: true }))).toBe('E_TAMPER');
    expect(refusal(three, makeBySlot(three, { addDevices: [tablet], revokeDevices: [desk.id] }))).toBe('E_TAMPER');
    const fresh = await sealSlot(tools, makeSlotSeed(tools, 'recovery'), world.recovery, start.vaultId);
    expect(refusal(three, makeBySlot(three, { addDevices: [tablet], addSlots: [fresh] }))).toBe('E_TAMPER');
  });
});

describe('the place', () => {
  test('is in this vault, right after the list before', () => {
    const { list } = make(three, laptop, {});
    expect(refusal(three, list)).toBe('no failure');
    expect(refusal(first, list)).toBe('E_TAMPER');
    expect(refusal(undefined, list)).toBe('E_TAMPER');
    expect(refusal(three, three.list)).toBe('E_TAMPER');
    expect(
      refusal(
        three,
        forged(list, () => ({ vaultId: parseId('VaultId', '0'.repeat(64)) })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        three,
        forged(list, ({ generation }) => ({ generation: generation + 1 })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        three,
        forged(list, () => ({ previous: first.list.hash })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        three,
        forged(list, () => ({ previous: undefined })),
      ),
    ).toBe('E_TAMPER');
  });

  test('of the first list is beside genesis: the same device and slots, epoch 1', async () => {
    const other = await sealSlot(tools, makeSlotSeed(tools, 'recovery'), world.recovery, start.vaultId);
    const founder = { ...asNew(laptop), signingSeed: laptop.secrets.signingSeed };
    expect(refusal(undefined, makeFirstKeyList(tools, start.vaultId, founder, []).list)).toBe('E_TAMPER');
    expect(refusal(undefined, makeFirstKeyList(tools, start.vaultId, founder, [other]).list)).toBe('E_TAMPER');
    expect(refusal(undefined, makeFirstKeyList(tools, start.vaultId, founder, [slot, other]).list)).toBe('E_TAMPER');
    expect(refusal(undefined, makeFirstKeyList(tools, start.vaultId, founder, [{ ...slot, keys: other.keys }]).list)).toBe('E_TAMPER');
    expect(
      refusal(
        undefined,
        forged(first.list, () => ({ epoch: 2 })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        undefined,
        forged(first.list, ({ slots }) => ({ slots: slots.map((record) => ({ ...record, opening: undefined })) })),
      ),
    ).toBe('E_TAMPER');
    const another = makeFirstKeyList(tools, start.vaultId, { ...asNew(desk), signingSeed: laptop.secrets.signingSeed }, [slot]).list;
    const instead = forged(another, (body) => ({ author: device(laptop), ...replaceDevice(body, 0, { addedBy: device(laptop) }) }));
    expect(refusal(undefined, instead)).toBe('E_TAMPER');
    const two = forged(first.list, ({ devices }) => ({ devices: [...devices, { ...three.list.body.devices[1]!, addedGeneration: 1 }] }));
    expect(refusal(undefined, two)).toBe('E_TAMPER');
    expect(
      refusal(
        undefined,
        forged(first.list, (body) => replaceDevice(body, 0, { keys: desk.publicKeys })),
      ),
    ).toBe('E_TAMPER');
  });
});

describe('nobody', () => {
  const next = (change: (body: KeyListBody) => Partial<KeyListBody>): string =>
    refusal(without, forged(make(without, laptop, {}).list, change));

  test('vanishes', () => {
    expect(next(() => ({}))).toBe('no failure');
    expect(next(({ devices }) => ({ devices: devices.slice(0, 2) }))).toBe('E_TAMPER');
    expect(next(({ devices }) => ({ devices: [devices[0]!, devices[2]!] }))).toBe('E_TAMPER');
    expect(next(() => ({ slots: [] }))).toBe('E_TAMPER');
  });

  test('changes place, keys or history', () => {
    expect(next(({ devices }) => ({ devices: devices.toReversed() }))).toBe('E_TAMPER');
    expect(next((body) => replaceDevice(body, 2, { keys: makeDeviceKeys(primitives, seededRandom('swapped')).publicKeys }))).toBe(
      'E_TAMPER',
    );
    expect(next((body) => replaceDevice(body, 2, { addedGeneration: 1 }))).toBe('E_TAMPER');
    expect(next((body) => replaceDevice(body, 2, { addedBy: device(desk) }))).toBe('E_TAMPER');
    expect(next(({ slots }) => ({ slots: slots.map((record) => ({ ...record, kind: 'passphrase' as const, opening: undefined })) }))).toBe(
      'E_TAMPER',
    );
    const weaker = { params: undefined, sealedSeed: new Uint8Array(118) };
    expect(next(({ slots }) => ({ slots: slots.map((record) => ({ ...record, opening: weaker })) }))).toBe('E_TAMPER');
  });

  test('comes back', async () => {
    expect(next((body) => replaceDevice(body, 1, { state: 'active' }))).toBe('E_TAMPER');
    const retired = follow(three, laptop, { retireSlots: [slot.id] });
    const back = forged(make(retired, laptop, {}).list, () => ({ slots: three.list.body.slots }));
    expect(refusal(retired, back)).toBe('E_TAMPER');
  });

  test('is removed within an epoch', () => {
    expect(next((body) => replaceDevice(body, 2, { state: 'revoked' }))).toBe('E_TAMPER');
    expect(next(({ slots }) => ({ slots: slots.map((record) => ({ ...record, opening: undefined })) }))).toBe('E_TAMPER');
  });
});

describe('whoever comes in', () => {
  const added = (change: Partial<DeviceRecord>): string => {
    const { list } = make(first, laptop, { addDevices: [asNew(desk)] });
    return refusal(
      first,
      forged(list, (body) => replaceDevice(body, 1, change)),
    );
  };

  test('is active, brought by the author, in this generation', () => {
    expect(added({})).toBe('no failure');
    expect(added({ state: 'revoked' })).toBe('E_TAMPER');
    expect(added({ addedBy: device(desk) })).toBe('E_TAMPER');
    expect(added({ addedGeneration: 1 })).toBe('E_TAMPER');
  });

  test('has certified keys, for its own id', () => {
    const { signing, agreement, certificate } = desk.publicKeys;
    expect(added({ keys: { signing, agreement: phone.publicKeys.agreement, certificate } })).toBe('E_TAMPER');
    expect(added({ keys: { signing: phone.publicKeys.signing, agreement, certificate } })).toBe('E_TAMPER');
    expect(added({ keys: { signing, agreement, certificate: phone.publicKeys.certificate } })).toBe('E_TAMPER');
    expect(added({ id: phone.id })).toBe('E_TAMPER');
  });

  const one = `01${'0'.repeat(62)}`;
  const notBelowPrime = [`ed${'f'.repeat(60)}7f`, `ee${'f'.repeat(60)}7f`];
  const orderTwo = `ec${'f'.repeat(60)}7f`;

  test.each([
    '0'.repeat(64),
    one,
    orderTwo,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ...notBelowPrime,
  ])('signs with no weak key: %s', (hex) => {
    // Under the identity as public key this signature fits every message, where nobody looks at the key.
    const forAnything = Uint8Array.of(...fromHex(one)!, ...new Uint8Array(32));
    expect(added({ keys: { ...desk.publicKeys, signing: fromHex(hex)!, certificate: forAnything } })).toBe('E_TAMPER');
  });

  test.each([
    '0'.repeat(64),
    one,
    orderTwo,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    `${'0'.repeat(62)}80`,
    ...notBelowPrime,
  ])('agrees with no weak key, certified or not: %s', (hex) => {
    const agreement = fromHex(hex)!;
    const label = new TextEncoder().encode('cachette/v1/sign-device-keys\0');
    const message = Uint8Array.of(...label, 0, ...fromHex(desk.id)!, ...desk.publicKeys.signing, ...agreement);
    const certificate = primitives.sign(message, primitives.signingPair(desk.secrets.signingSeed).secretKey);
    expect(added({ keys: { ...desk.publicKeys, agreement, certificate } })).toBe('E_TAMPER');
  });

  test('shares neither id nor key with anyone', () => {
    expect(refusal(three, make(three, laptop, { addDevices: [asNew(desk)] }).list)).toBe('E_TAMPER');
    // The same keys under another id, properly certified.
    const twin: DeviceKeys = { ...desk, id: parseId('DeviceId', 'cd'.repeat(16)) };
    const again = makeDeviceKeys(primitives, {
      bytes: sequence([fromHex(twin.id)!, desk.secrets.signingSeed, desk.secrets.agreementSecret]),
    });
    expect(refusal(three, make(three, laptop, { addDevices: [asNew(again)] }).list)).toBe('E_TAMPER');
    const halfTwin = makeDeviceKeys(primitives, {
      bytes: sequence([bytesOf('half', 16), bytesOf('new', 32), desk.secrets.agreementSecret]),
    });
    expect(refusal(three, make(three, laptop, { addDevices: [asNew(halfTwin)] }).list)).toBe('E_TAMPER');
    // And a slot that has a device's id.
    const sameId: SlotSeed = makeSlotSeed({ ...tools, random: { bytes: sequence([fromHex(desk.id)!, bytesOf('seed', 32)]) } }, 'recovery');
    return expect(
      sealSlot(tools, sameId, world.recovery, start.vaultId).then((taken) =>
        refusal(three, make(three, laptop, { addSlots: [taken] }).list),
      ),
    ).resolves.toBe('E_TAMPER');
  });

  test('as a slot has certified keys and a true history', async () => {
    const fresh = await sealSlot(tools, makeSlotSeed(tools, 'recovery'), world.recovery, start.vaultId);
    const { list } = make(three, laptop, { addSlots: [fresh] });
    const change = (slotChange: object): string =>
      refusal(
        three,
        forged(list, ({ slots }) => ({ slots: [slots[0]!, { ...slots[1]!, ...slotChange }] })),
      );
    expect(change({})).toBe('no failure');
    expect(change({ addedGeneration: 1 })).toBe('E_TAMPER');
    expect(change({ opening: undefined })).toBe('E_TAMPER');
    expect(change({ keys: slot.keys })).toBe('E_TAMPER');
    expect(change({ keys: makeSlotSeed(tools, 'recovery').keys })).toBe('E_TAMPER');
    expect(change({ id: parseId('SlotId', 'ef'.repeat(16)) })).toBe('E_TAMPER');
  });
});

describe('an epoch', () => {
  test('is the current one or the next', () => {
    const { list } = make(three, laptop, { beginEpoch: true });
    expect(
      refusal(
        three,
        forged(list, () => ({ epoch: 3 })),
      ),
    ).toBe('E_TAMPER');
    const { list: back } = make(without, laptop, {});
    expect(
      refusal(
        without,
        forged(back, () => ({ epoch: 1, previousEpoch: undefined })),
      ),
    ).toBe('E_TAMPER');
    expect(failureCode(() => forged(list, () => ({ epoch: 65_536 })))).toBe('E_FORMAT');
  });

  test('comes with the secret of the one before, from the second on', () => {
    const { list } = make(three, laptop, { beginEpoch: true });
    expect(
      refusal(
        three,
        forged(list, () => ({ previousEpoch: undefined })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        undefined,
        forged(first.list, () => ({ previousEpoch: new Uint8Array(118) })),
      ),
    ).toBe('E_TAMPER');
  });

  test('keeps its secrets as long as it lasts', () => {
    const { list } = make(without, laptop, {});
    expect(
      refusal(
        without,
        forged(list, () => ({ epochCommitment: new Uint8Array(32) })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        without,
        forged(list, () => ({ previousEpoch: new Uint8Array(118) })),
      ),
    ).toBe('E_TAMPER');
    const otherShare = forged(list, ({ shares }) => ({ shares: shares.map((share) => ({ ...share, sealed: new Uint8Array(118) })) }));
    expect(refusal(without, otherShare)).toBe('E_TAMPER');
  });

  test('is shared with exactly the active ones', () => {
    const { list } = make(three, laptop, { revokeDevices: [desk.id] });
    expect(
      refusal(
        three,
        forged(list, ({ shares }) => ({ shares: shares.slice(1) })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        three,
        forged(list, ({ shares }) => ({ shares: shares.toReversed() })),
      ),
    ).toBe('E_TAMPER');
    expect(
      refusal(
        three,
        forged(list, ({ shares }) => ({ shares: [...shares, shares[0]!] })),
      ),
    ).toBe('E_TAMPER');
    const forDesk = { ...list.body.shares[0]!, recipient: device(desk) };
    expect(
      refusal(
        three,
        forged(list, ({ shares }) => ({ shares: [...shares, forDesk] })),
      ),
    ).toBe('E_TAMPER');
  });

  test('whose secret is not the one committed to is refused by whoever gets it', () => {
    const other = make(three, laptop, { beginEpoch: true });
    const list = forged(other.list, () => ({ epochCommitment: make(three, laptop, { beginEpoch: true }).list.body.epochCommitment }));
    const verified = verifyStep(start, three.list, list);
    const reader = { holder: device(desk), agreementSecret: desk.secrets.agreementSecret };
    expect(failureCode(() => openEpochs(tools, [first.list, three.list, verified], reader))).toBe('E_TAMPER');
  });

  test('whose predecessor is not the one that was is refused', () => {
    const wrong = make({ ...three, current: { epoch: 1, secret: bytesOf('wrong', 32) } }, laptop, { beginEpoch: true });
    const verified = verifyStep(start, three.list, wrong.list);
    const reader = { holder: device(laptop), agreementSecret: laptop.secrets.agreementSecret };
    expect(failureCode(() => openEpochs(tools, [first.list, three.list, verified], reader))).toBe('E_TAMPER');
  });

  test("whose share is another holder's opens for nobody", () => {
    const { list } = make(three, laptop, { beginEpoch: true });
    const [one, two, ...rest] = list.body.shares;
    const swapped = forged(list, () => ({
      shares: [{ ...two!, recipient: one!.recipient }, { ...one!, recipient: two!.recipient }, ...rest],
    }));
    const verified = verifyStep(start, three.list, swapped);
    for (const keys of [laptop, desk]) {
      const reader = { holder: device(keys), agreementSecret: keys.secrets.agreementSecret };
      expect(failureCode(() => openEpochs(tools, [first.list, three.list, verified], reader))).toBe('E_TAMPER');
    }
  });
});

describe('names', () => {
  test('fit the list, each in its place', () => {
    expect(openDeviceNames(tools, three.list.body, three.current).map(({ id }) => id)).toEqual([laptop.id, desk.id, phone.id]);
    const short = make({ ...three, names: three.names.slice(1) }, laptop, {});
    expect(failureCode(() => openDeviceNames(tools, short.list.body, three.current))).toBe('E_FORMAT');
    const turned = make({ ...three, names: three.names.toReversed() }, laptop, {});
    expect(failureCode(() => openDeviceNames(tools, turned.list.body, three.current))).toBe('E_FORMAT');
    const moved = forged(make(three, laptop, {}).list, () => ({ names: three.list.body.names }));
    expect(failureCode(() => openDeviceNames(tools, moved.body, three.current))).toBe('E_TAMPER');
  });

  test('have 1 to 255 bytes', () => {
    for (const name of ['', 'x'.repeat(256), '\ud800']) {
      expect(failureCode(() => make(first, laptop, { addDevices: [{ ...asNew(desk), name }] }))).toBe('E_LIMIT');
    }
  });
});

describe('the bytes', () => {
  test('of a list have one encoding and one shape', () => {
    const { bytes, bodyBytes, signature } = three.list;
    const parsed = (changed: Uint8Array): string => failureCode(() => parseKeyList(primitives, changed));
    expect(parsed(bytes)).toBe('no failure');
    expect(parsed(Uint8Array.of(...bytes, 0))).toBe('E_FORMAT');
    expect(parsed(bytes.subarray(0, -1))).toBe('E_FORMAT');
    expect(parsed(encode([bodyBytes]))).toBe('E_FORMAT');
    expect(parsed(encode([bodyBytes, signature.subarray(1)]))).toBe('E_FORMAT');
    expect(parsed(encode([bodyBytes, signature, null]))).toBe('E_FORMAT');
    expect(parsed(encode([encode([1, 2, 3]), signature]))).toBe('E_FORMAT');
    for (const version of [0, 2]) {
      const other = bodyBytes.slice();
      other[1] = version;
      expect(parsed(encode([other, signature]))).toBe('E_DOWNGRADE');
    }
    expect(parsed(new Uint8Array(1024 * 1024 + 1))).toBe('E_LIMIT');
  });

  test('of genesis, too', () => {
    const bytes = encodeGenesis(genesis);
    const parsed = (changed: Uint8Array): string => failureCode(() => parseGenesis(primitives, changed));
    expect(parseGenesis(primitives, bytes).device.id).toBe(laptop.id);
    expect(parsed(Uint8Array.of(...bytes, 0))).toBe('E_FORMAT');
    for (const version of [0, 2]) expect(parsed(encode([version, 1, bytesOf('r', 32), [], []]))).toBe('E_DOWNGRADE');
    expect(parsed(encode([1, 2, bytesOf('r', 32), [], []]))).toBe('E_FORMAT');
    expect(parsed(encodeGenesis({ ...genesis, device: { id: desk.id, keys: laptop.publicKeys } }))).toBe('E_TAMPER');
    expect(parsed(encodeGenesis({ ...genesis, slots: [{ ...slotSeed, keys: laptop.publicKeys }] }))).toBe('E_TAMPER');
    expect(parsed(encodeGenesis({ ...genesis, slots: Array.from({ length: 17 }, () => slotSeed) }))).toBe('E_LIMIT');
  });
});

describe('a slot', () => {
  test('of another vault, another id, another kind or with another cost does not open', async () => {
    const pass = await sealSlot(tools, makeSlotSeed(tools, 'passphrase'), passphrase, start.vaultId);
    const { params, sealedSeed } = pass.opening;
    await expect(openSlot(tools, pass, passphrase, start.vaultId)).resolves.toBeDefined();
    await expectFailure(openSlot(tools, pass, passphrase, parseId('VaultId', '1'.repeat(64))), 'E_LOCKED');
    await expectFailure(openSlot(tools, { ...pass, id: slot.id }, passphrase, start.vaultId), 'E_LOCKED');
    await expectFailure(
      openSlot(tools, { ...pass, opening: { params: { ...params!, passes: 5 }, sealedSeed } }, passphrase, start.vaultId),
      'E_LOCKED',
    );
    await expectFailure(openSlot(tools, { ...pass, keys: slot.keys }, passphrase, start.vaultId), 'E_TAMPER');
    const flipped = sealedSeed.slice();
    flipped[100]! ^= 1;
    await expectFailure(openSlot(tools, { ...pass, opening: { params, sealedSeed: flipped } }, passphrase, start.vaultId), 'E_LOCKED');
  });
});

function sequence(parts: readonly Uint8Array[]): (count: number) => Uint8Array {
  let at = 0;
  return () => {
    const part = parts[at];
    at += 1;
    if (part === undefined) throw new Error('no more bytes');
    return part;
  };
}
