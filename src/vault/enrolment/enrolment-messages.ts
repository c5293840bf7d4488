/** Messages of an enrolment as bytes (FORMAT.md, section 11). What is read here is shaped right; nothing of it is proven. */
import { Failure } from '../../base/failure.ts';
import type { DeviceId, KeyListHash, VaultId } from '../../model/ids.ts';
import { decodeStrict, encode, readArray, readBytes, readInt, readText, readTuple } from '../cbor.ts';
import { bytesOfId, readId } from '../entry/wire-ids.ts';
import { parsePublicKeys, publicKeysToCbor, type PublicKeys } from '../keyring/holder-keys.ts';
import { keyListLimits } from '../keyring/key-list-limits.ts';
import { encodePin, parsePin, type Pin } from '../pin/pin.ts';
import { secretSymbols } from './enrolment-code.ts';

const format = 1;
/** Of each message but the pin. */
export const messageMaxBytes = 4096;
/** Of the sealed pin. */
export const pinMessageMaxBytes = 256 * 1024;

/** The new device's first message: who it is. */
export interface Hello {
  readonly id: DeviceId;
  readonly keys: PublicKeys;
  /** X25519, made for this enrolment alone, 32 bytes. */
  readonly ephemeral: Uint8Array;
}

/** The approving device's first message: which vault, and its commitments to the code. */
export interface Answer {
  readonly ephemeral: Uint8Array;
  readonly vaultId: VaultId;
  readonly keyList: KeyListHash;
  /** One for each symbol, 32 bytes each. */
  readonly commitments: readonly Uint8Array[];
}

/** The new device shows that it knows a symbol. */
export interface Proof {
  readonly nonce: Uint8Array;
  readonly proof: Uint8Array;
}

export function encodeHello({ id, keys, ephemeral }: Hello): Uint8Array {
  return encode([format, bytesOfId(id), ...publicKeysToCbor(keys), ephemeral]);
}

export function parseHello(bytes: Uint8Array): Hello {
  const [version, id, signing, agreement, certificate, ephemeral] = readTuple(decodeStrict(bytes, messageMaxBytes), 6);
  requireFormat(version);
  return { id: readId('DeviceId', id), keys: parsePublicKeys(signing, agreement, certificate), ephemeral: readBytes(ephemeral, 32) };
}

export function encodeAnswer({ ephemeral, vaultId, keyList, commitments }: Answer): Uint8Array {
  return encode([format, ephemeral, bytesOfId(vaultId), bytesOfId(keyList), commitments]);
}

export function parseAnswer(bytes: Uint8Array): Answer {
  const [version, ephemeral, vaultId, keyList, list] = readTuple(decodeStrict(bytes, messageMaxBytes), 5);
  requireFormat(version);
  const commitments = readArray(list, secretSymbols).map((commitment) => readBytes(commitment, 32));
  if (commitments.length !== secretSymbols) throw new Failure('E_FORMAT', 'an answer with too few commitments');
  return { ephemeral: readBytes(ephemeral, 32), vaultId: readId('VaultId', vaultId), keyList: readId('KeyListHash', keyList), commitments };
}

export function encodeProof({ nonce, proof }: Proof): Uint8Array {
  return encode([format, nonce, proof]);
}

export function parseProof(bytes: Uint8Array): Proof {
  const [version, nonce, proof] = readTuple(decodeStrict(bytes, messageMaxBytes), 3);
  requireFormat(version);
  return { nonce: readBytes(nonce, 32), proof: readBytes(proof, 32) };
}

/** The nonce of a commitment that is opened. */
export function encodeReveal(nonce: Uint8Array): Uint8Array {
  return encode([format, nonce]);
}

export function parseReveal(bytes: Uint8Array): Uint8Array {
  const [version, nonce] = readTuple(decodeStrict(bytes, messageMaxBytes), 2);
  requireFormat(version);
  return readBytes(nonce, 32);
}

/** Sealed: what the new device wants to be called. */
export function encodeWish(name: string): Uint8Array {
  return encode([format, name]);
}

export function parseWish(plain: Uint8Array): string {
  const [version, name] = readTuple(decodeStrict(plain, messageMaxBytes), 2);
  requireFormat(version);
  return readText(name, keyListLimits.nameMaxBytes);
}

/** Sealed: what the approving device has seen of the vault. */
export function encodeHandover(pin: Pin): Uint8Array {
  return encode([format, encodePin(pin)]);
}

export function parseHandover(plain: Uint8Array): Pin {
  const [version, pin] = readTuple(decodeStrict(plain, pinMessageMaxBytes), 2);
  requireFormat(version);
  return parsePin(readBytes(pin, { max: pinMessageMaxBytes }));
}

/** Sealed: the new device has kept its keys and the pin. */
export function encodeReady(): Uint8Array {
  return encode([format]);
}

export function requireReady(plain: Uint8Array): void {
  const [version] = readTuple(decodeStrict(plain, messageMaxBytes), 1);
  requireFormat(version);
}

function requireFormat(version: unknown): void {
  readInt(version, { min: format, max: format });
}
