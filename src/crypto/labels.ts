import { utf8 } from '../base/bytes.ts';
import { sealedTypes } from './sealed-types.ts';
import type { SealedType } from './sealed-types.ts';

/** A NUL ends each label, so that none starts another and what follows can't be read as part of it. */
const label = (name: string): Uint8Array => utf8(`cachette/v1/${name}\0`);

/** One label for each kind of sealed object, below `folder`. */
const labelPerType = (folder: string): Readonly<Record<SealedType, Uint8Array>> =>
  Object.fromEntries(Object.keys(sealedTypes).map((type) => [type, label(`${folder}/${type}`)])) as Record<SealedType, Uint8Array>;

/**
 * Every label there is. What a key, a hash or a signature is for stands in its label, so nothing made for one purpose
 * is ever valid for another. Frozen like the format; a new purpose gets a new line here and nowhere else.
 */
export const labels = {
  /** Splits a type key into box key and commitment, for one object. */
  seal: label('seal'),

  // Keys from an epoch's secret.
  epochTypeKey: labelPerType('epoch-key'),
  epochChunkIdKey: label('epoch-chunk-ids'),
  epochCutKey: label('epoch-cuts'),
  epochNonceKey: label('epoch-nonces'),
  /** Shows to all who hold an epoch's secret that they hold the same one. */
  epochCommitment: label('epoch-commitment'),

  // Keys from any other secret: passphrase, recovery key, agreed secret, key at rest.
  secretTypeKey: labelPerType('secret-key'),
  secretNonceKey: label('secret-nonces'),
  /** From a device's X25519 secret: what it keeps sealed on its own disk. */
  deviceLocal: label('device-local'),

  // Where content is cut.
  cutGear: label('cut-gear'),
  cutDecision: label('cut-decision'),

  // Names of content, keyed with the epoch's chunk-id key.
  chunkId: label('chunk-id'),
  contentOfChunks: label('content-of-chunks'),
  contentEmpty: label('content-empty'),

  // Plain hashes.
  genesis: label('genesis'),
  keyListHash: label('key-list-hash'),
  entryHash: label('entry-hash'),
  stateElement: label('state-element'),
  stateRoot: label('state-root'),

  // Signatures.
  signEntry: label('sign-entry'),
  signKeyList: label('sign-key-list'),
  signDeviceKeys: label('sign-device-keys'),

  // Slots, and secrets sealed to a public key.
  slotAgreement: label('slot-agreement'),
  slotSigning: label('slot-signing'),
  shareKey: label('share-key'),
  recoveryKey: label('recovery-key'),
  recoveryChecksum: label('recovery-checksum'),

  /** What two devices compare by eye. */
  headCode: label('head-code'),

  // Enrolment with a short code.
  enrolChecksum: label('enrol-checksum'),
  enrolTranscript: label('enrol-transcript'),
  enrolCommitment: label('enrol-commitment'),
  enrolKey: label('enrol-key'),
} as const;
