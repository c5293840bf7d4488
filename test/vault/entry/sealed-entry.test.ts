import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import { readU32, u32 } from '../../../src/crypto/u32.ts';
import type { EntryBody, EntryHeader } from '../../../src/model/change.ts';
import { entryName } from '../../../src/model/ids.ts';
import { encode } from '../../../src/vault/cbor.ts';
import { entryPurpose, joinEntry, signedMessage } from '../../../src/vault/entry/entry-layout.ts';
import { encodeHeader } from '../../../src/vault/entry/header-wire.ts';
import { type EntryLookup, openBody, openHeader } from '../../../src/vault/entry/open-entry.ts';
import { type SealedEntry, sealEntry } from '../../../src/vault/entry/seal-entry.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { bytesOf } from '../../crypto/fixed-random.ts';
import { providers, sodium } from '../../crypto/providers.ts';
import { flipped, testVault, type TestVault } from '../chunk/test-vault.ts';
import { deviceId, sampleBody, sampleHeader, sampleName } from './sample-entry.ts';

const pair = sodium.signingPair(bytesOf('laptop signs', 32));
const other = sodium.signingPair(bytesOf('someone else signs', 32));
const vault = testVault('entries');

const lookupIn = (of: TestVault): EntryLookup => ({
  keys: (epoch) => (epoch <= 4 ? of.keys(epoch) : undefined),
  signerOf: (header) => (header.device === deviceId('laptop') && header.epoch === 3 ? pair.publicKey : undefined),
});

const seal = (header: Partial<EntryHeader> = {}, body: EntryBody = sampleBody, signingKey = pair.secretKey): SealedEntry => {
  const fields = { ...sampleHeader, ...header };
  return sealEntry(vault.sealing, { keys: vault.keys(fields.epoch), signingKey }, fields, body);
};

const open = (bytes: Uint8Array, name = sampleName, of = vault): ReturnType<typeof openHeader> =>
  openHeader(of.sealing, lookupIn(of), name, bytes);
const openAll = (bytes: Uint8Array): EntryBody => openBody(vault.sealing, vault.keys(3), open(bytes)).body;

/** Seals header bytes that no honest author would, signed by the laptop all the same. */
function forge(plain: Uint8Array, epoch = 3): Uint8Array {
  const signature = sodium.sign(signedMessage(vault.sealing.vaultId, epoch, sampleName, plain), pair.secretKey);
  return sealPlain(encode([plain, signature]), epoch);
}

function sealPlain(signed: Uint8Array, epoch = 3): Uint8Array {
  return joinEntry(
    vault.sealing.seals.seal(vault.keys(epoch), entryPurpose('entry-header', vault.sealing.vaultId, epoch, sampleName), signed),
    new Uint8Array(),
  );
}

describe.each(providers)('an entry, with %s', (_, primitives) => {
  test('opens as what was sealed, and names its author', () => {
    const here = testVault('entries', primitives);
    const sealed = sealEntry(here.sealing, { keys: here.keys(3), signingKey: pair.secretKey }, sampleHeader, sampleBody);
    const opened = openHeader(here.sealing, lookupIn(here), sampleName, sealed.bytes);
    expect(opened.header).toEqual(sealed.header);
    expect(opened.header).toEqual({ ...sampleHeader, bodyHash: sealed.header.bodyHash });
    expect(opened.hash).toBe(sealed.hash);
    expect(openBody(here.sealing, here.keys(3), opened)).toEqual({ body: sampleBody, bytes: sealed.bodyBytes });
  });
});

describe('an entry', () => {
  test('has sizes that tell only a class', () => {
    const sizes = new Set<number>();
    for (let count = 1; count < 400; count += 13) {
      const group = sampleBody.groups[5] ?? [];
      const { bytes } = seal({}, { groups: Array.from({ length: count }, () => group), packs: [] });
      const headerBytes = readU32(bytes, 0);
      expect(headerBytes - 82).toBe(1024);
      sizes.add(bytes.length - 4 - headerBytes - 82);
    }
    expect([...sizes]).toEqual([1024, 4096, 16_384, 65_536]);
  });

  test('of no changes is there: a heartbeat', () => {
    const { bytes } = seal({}, { groups: [], packs: [] });
    expect(openAll(bytes)).toEqual({ groups: [], packs: [] });
    expect(bytes).toHaveLength(4 + 2 * (82 + 1024));
  });

  test('of the same changes never has the same bytes twice', () => {
    expect(seal().bytes).not.toEqual(seal().bytes);
  });

  test('opens under no other name, in no other vault, and not in another epoch', () => {
    const { bytes } = seal();
    expect(failureCode(() => open(bytes, entryName(42, '00112233445566fe')))).toBe('E_TAMPER');
    expect(failureCode(() => open(bytes, entryName(43, '00112233445566ff')))).toBe('E_TAMPER');
    const elsewhere = testVault('another vault');
    expect(failureCode(() => open(bytes, sampleName, { ...elsewhere, keys: (epoch) => vault.keys(epoch) }))).toBe('E_TAMPER');
    expect(failureCode(() => open(bytes, sampleName, { ...elsewhere, sealing: vault.sealing }))).toBe('E_TAMPER');
    const epochAt = 4 + 9;
    expect(failureCode(() => open(flipped(bytes, epochAt)))).toBe('E_TAMPER');
    expect(failureCode(() => open(flipped(bytes, epochAt, 3)))).toBe('E_EPOCH');
  });

  test('is refused when any byte of it was changed, cut off or added', () => {
    const { bytes } = seal({}, { groups: sampleBody.groups.slice(0, 1), packs: [] });
    for (let at = 0; at < bytes.length; at += at < 100 ? 1 : 41) {
      expect(failureCode(() => openAll(flipped(bytes, at, at % 8)))).toMatch(/^E_(TAMPER|FORMAT|LIMIT|EPOCH|DOWNGRADE)$/);
    }
    for (const bad of [bytes.subarray(0, -1), concatBytes([bytes, new Uint8Array(1)]), new Uint8Array(bytes.length)]) {
      expect(failureCode(() => openAll(bad))).toMatch(/^E_(TAMPER|FORMAT)$/);
    }
    for (const length of [0, 1, 4, 13, 14, 100]) expect(failureCode(() => open(bytes.subarray(0, length)))).toBe('E_FORMAT');
  });

  test('is read no further where it is too large', () => {
    expect(failureCode(() => open(new Uint8Array(8 * 1024 * 1024 + 1)))).toBe('E_LIMIT');
    expect(failureCode(() => open(concatBytes([u32(0x7fffffff), new Uint8Array(2000)])))).toBe('E_LIMIT');
  });

  test('stays one when its body is gone, and says so', () => {
    const { bytes, header } = seal();
    const opened = open(bytes.subarray(0, 4 + readU32(bytes, 0)));
    expect(opened.header).toEqual(header);
    expect(failureCode(() => openBody(vault.sealing, vault.keys(3), opened))).toBe('E_MISSING');
  });

  test("does not take another entry's body, nor its own header as one", () => {
    const one = open(seal().bytes);
    const two = open(seal({}, { groups: [], packs: [] }).bytes);
    expect(failureCode(() => openBody(vault.sealing, vault.keys(3), { ...one, sealedBody: two.sealedBody }))).toBe('E_TAMPER');
    const { bytes } = seal();
    const sealedHeader = bytes.subarray(4, 4 + readU32(bytes, 0));
    expect(failureCode(() => openAll(joinEntry(sealedHeader, sealedHeader)))).toBe('E_TAMPER');
    expect(failureCode(() => openAll(joinEntry(bytes.subarray(4 + sealedHeader.length), sealedHeader)))).toBe('E_TAMPER');
  });
});

describe('an entry by someone who has the keys of the epoch', () => {
  test('is refused where the device is unknown, or not the one that signed', () => {
    expect(failureCode(() => open(seal({ device: deviceId('stranger') }).bytes))).toBe('E_UNTRUSTED_DEVICE');
    expect(failureCode(() => open(seal({}, sampleBody, other.secretKey).bytes))).toBe('E_UNTRUSTED_DEVICE');
  });

  test('is refused where the device may not write in that epoch', () => {
    expect(failureCode(() => open(seal({ epoch: 4 }).bytes))).toBe('E_UNTRUSTED_DEVICE');
  });

  test('is refused where it says another epoch than its keys are of', () => {
    const { header } = seal();
    expect(failureCode(() => open(forge(encodeHeader({ ...header, epoch: 2 }))))).toBe('E_FORMAT');
    expect(failureCode(() => open(forge(encodeHeader(header))))).toBe('no failure');
  });

  test.each<readonly [string, Partial<EntryHeader>]>([
    ['has another number than its name', { lamport: 43 }],
    ['is the first and has one before it', { counter: 1 }],
    ['is a later one and has none before it', { previous: undefined }],
  ])('is refused where it %s', (_, change) => {
    expect(failureCode(() => open(forge(encodeHeader({ ...seal().header, ...change }))))).toBe('E_FORMAT');
  });

  test.each<readonly [string, (plain: Uint8Array) => Uint8Array]>([
    ['is signed over other bytes', (plain) => sealPlain(encode([flipped(plain, -1), sodium.sign(plain, pair.secretKey)]))],
    ['has a signature for nothing but its bytes', (plain) => sealPlain(encode([plain, sodium.sign(plain, pair.secretKey)]))],
  ])('is refused where it %s', (_, make) => {
    expect(failureCode(() => open(make(encodeHeader(seal().header))))).toBe('E_UNTRUSTED_DEVICE');
  });

  test.each<readonly [string, Uint8Array]>([
    ['of another version', encode([2, 42, 3])],
    ['that is not CBOR', Uint8Array.of(0xff)],
    ['with something behind it', concatBytes([encodeHeader(seal().header), new Uint8Array(1)])],
    ['that is empty', new Uint8Array()],
  ])('is refused with a header %s', (_, plain) => {
    expect(failureCode(() => open(forge(plain)))).toBe('E_FORMAT');
  });

  test('is refused with a signature of another length', () => {
    expect(failureCode(() => open(sealPlain(encode([encodeHeader(seal().header), new Uint8Array(63)]))))).toBe('E_FORMAT');
  });

  test('carries a vector of 1,024 devices and no more', () => {
    const { hash } = seal();
    const vector = (count: number): EntryHeader['seen'] =>
      new Map(Array.from({ length: count }, (_, index) => [deviceId(`device ${index}`), { counter: 2 ** 50, hash }]));
    const seen = vector(1024);
    expect(open(seal({ seen }).bytes).header.seen).toEqual(seen);
    expect(failureCode(() => seal({ seen: vector(1025) }))).toBe('E_LIMIT');
  });
});
