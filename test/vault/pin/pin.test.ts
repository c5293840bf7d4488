import { describe, expect, test } from 'vitest';
import { Seals } from '../../../src/crypto/seal.ts';
import type { DeviceId, EntryHash, KeyListHash, VaultId } from '../../../src/model/ids.ts';
import { decodeStrict, encode, type CborValue } from '../../../src/vault/cbor.ts';
import { makeDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { encodePin, newerPin, parsePin, type Pin } from '../../../src/vault/pin/pin.ts';
import { openPinCopy, sealPinCopy } from '../../../src/vault/pin/pin-copy.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { seededRandom } from '../../crypto/fixed-random.ts';
import { sodium } from '../../crypto/providers.ts';

const hash = (byte: string): EntryHash => byte.repeat(32) as EntryHash;
const [a, b] = ['0a'.repeat(16) as DeviceId, '0b'.repeat(16) as DeviceId];

const pin: Pin = {
  vaultId: 'ee'.repeat(32) as VaultId,
  format: 1,
  vector: new Map([
    [a, { counter: 5, hash: hash('a5') }],
    [b, { counter: 9, hash: hash('b9') }],
  ]),
  keyListHash: hash('f3') as string as KeyListHash,
  keyListGeneration: 3,
  epoch: 2,
  checkpoint: { lamport: 100, hash: hash('c1') },
};

const withEntry = (device: DeviceId, counter: number, entry: EntryHash): Pin => ({
  ...pin,
  vector: new Map([...pin.vector, [device, { counter, hash: entry }]]),
});

describe('a pin', () => {
  test('comes back from its bytes, with and without a checkpoint', () => {
    expect(parsePin(encodePin(pin))).toEqual(pin);
    const fresh = { ...pin, vector: new Map(), checkpoint: undefined };
    expect(parsePin(encodePin(fresh))).toEqual(fresh);
  });

  test('has one encoding, whatever order its devices came in', () => {
    expect(encodePin({ ...pin, vector: new Map([...pin.vector].toReversed()) })).toEqual(encodePin(pin));
  });

  test('is refused in any other shape', () => {
    const fields = decodeStrict(encodePin(pin), 10_000) as CborValue[];
    const changed = (at: number, value: CborValue): string => failureCode(() => parsePin(encode(fields.with(at, value))));
    expect(changed(0, 1)).toBe('no failure');
    for (const [at, value] of [
      [0, 2],
      [1, null],
      [2, 0],
      [3, null],
      [4, null],
      [5, 0],
      [6, 0],
      [6, 65_536],
      [7, []],
      [7, 0],
    ] as const) {
      expect(changed(at, value)).toBe('E_FORMAT');
    }
    expect(changed(3, (fields[3] as CborValue[]).toReversed())).toBe('E_FORMAT');
    expect(failureCode(() => parsePin(encodePin(pin).subarray(1)))).toBe('E_FORMAT');
    expect(failureCode(() => parsePin(new Uint8Array(200_000)))).toBe('E_LIMIT');
  });
});

describe('of two copies', () => {
  test.each<[string, Pin]>([
    ['has an entry more of one device', withEntry(a, 6, hash('a6'))],
    ['knows a device more', withEntry('0c'.repeat(16) as DeviceId, 1, hash('c1'))],
    ['has a later key list', { ...pin, keyListGeneration: 4, keyListHash: hash('f4') as string as KeyListHash }],
    ['has a later checkpoint', { ...pin, checkpoint: { lamport: 200, hash: hash('c2') } }],
    ['has a later epoch', { ...pin, epoch: 3 }],
  ])('the one is taken that %s', (_, newer) => {
    expect(newerPin(pin, newer)).toBe(newer);
    expect(newerPin(newer, pin)).toBe(newer);
  });

  test('that are equal the first is taken', () => {
    const same = parsePin(encodePin(pin));
    expect(newerPin(pin, same)).toBe(pin);
  });

  test.each<[string, Pin]>([
    ['another entry at the same counter', withEntry(a, 5, hash('66'))],
    ['one device further, another behind', { ...withEntry(a, 6, hash('a6')), vector: new Map([[a, { counter: 6, hash: hash('a6') }]]) }],
    ['entries further, list behind', { ...withEntry(a, 6, hash('a6')), keyListGeneration: 2 }],
    ['entries further, checkpoint gone', { ...withEntry(a, 6, hash('a6')), checkpoint: undefined }],
    ['another list of the same generation', { ...pin, keyListHash: hash('f9') as string as KeyListHash }],
    ['another checkpoint at the same place', { ...pin, checkpoint: { lamport: 100, hash: hash('c9') } }],
    ['another vault', { ...withEntry(a, 6, hash('a6')), vaultId: 'dd'.repeat(32) as VaultId }],
  ])('neither is taken where they contradict each other: %s', (_, other) => {
    expect(newerPin(pin, other)).toBeUndefined();
    expect(newerPin(other, pin)).toBeUndefined();
  });
});

describe('the second copy', () => {
  const random = seededRandom('pin copy');
  const tools = { primitives: sodium, random, seals: new Seals(sodium, random) };
  const own = makeDeviceKeys(sodium, random);
  const sealed = sealPinCopy(tools, own, pin);

  test('opens for this device and this vault alone', () => {
    expect(openPinCopy(tools, own, pin.vaultId, sealed)).toEqual(pin);
    expect(failureCode(() => openPinCopy(tools, makeDeviceKeys(sodium, random), pin.vaultId, sealed))).toBe('E_TAMPER');
    expect(failureCode(() => openPinCopy(tools, own, 'dd'.repeat(32) as VaultId, sealed))).toBe('E_TAMPER');
  });

  test('tells nothing and can not be changed', () => {
    for (const part of [pin.vaultId, pin.keyListHash, a]) expect(Buffer.from(sealed).toString('hex')).not.toContain(part);
    for (let at = 10; at < sealed.length; at += 1) {
      const damaged = sealed.slice();
      damaged[at]! ^= 1;
      expect(failureCode(() => openPinCopy(tools, own, pin.vaultId, damaged))).toBe('E_TAMPER');
    }
  });
});
