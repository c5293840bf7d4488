/**
 * How an epoch's secret reaches those who may have it: sealed to each active device and slot, and, for the epoch before,
 * under the new one (the new reads the old, never the reverse).
 */
import { compareBytes, concatBytes } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { deriveKey, keyBytes } from '../../crypto/derive-key.ts';
import { EpochKeys } from '../../crypto/epoch-keys.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { Purpose } from '../../crypto/seal.ts';
import { SecretKeys } from '../../crypto/seal-keys.ts';
import { u32 } from '../../crypto/u32.ts';
import type { VaultId } from '../../model/ids.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import { holderText, type KeyHolder } from './key-holder.ts';
import type { KeyTools } from './key-tools.ts';

/** An epoch and its 32-byte secret. */
export interface EpochSecret {
  readonly epoch: number;
  readonly secret: Uint8Array;
}

/** An epoch's secret, sealed to one holder. */
export interface EpochShare {
  readonly recipient: KeyHolder;
  /** X25519 public key made for this share alone. */
  readonly ephemeral: Uint8Array;
  readonly sealed: Uint8Array;
}

/** What a share is sealed to. */
export interface ShareRecipient {
  readonly holder: KeyHolder;
  /** X25519 public key. */
  readonly agreement: Uint8Array;
}

/**
 * BLAKE2b-256(key = secret, label ‖ epoch). It stands in the key list, so that an author who gives different secrets to
 * different devices is found out by all but one of them.
 */
export function epochCommitment(primitives: Primitives, { epoch, secret }: EpochSecret): Uint8Array {
  return deriveKey(primitives, secret, labels.epochCommitment, u32(epoch));
}

/** Throws E_TAMPER unless this is the secret that the key list committed to. */
export function requireEpochSecret(primitives: Primitives, found: EpochSecret, commitment: Uint8Array): void {
  // Not a secret comparison: both sides are public functions of what the store holds.
  if (found.secret.length !== keyBytes || compareBytes(epochCommitment(primitives, found), commitment) !== 0) {
    throw new Failure('E_TAMPER', `the secret of epoch ${found.epoch} is not the one that the list of devices commits to`);
  }
}

/** The secret, sealed to one holder with a key pair made for this alone. Throws E_TAMPER for a weak recipient key. */
export function sealShare(tools: KeyTools, vaultId: VaultId, current: EpochSecret, recipient: ShareRecipient): EpochShare {
  const { primitives, seals, random } = tools;
  const ephemeral = primitives.boxPair(random.bytes(32));
  const shared = primitives.agree(ephemeral.secretKey, recipient.agreement);
  if (shared === undefined) throw new Failure('E_TAMPER', `the agreement key of ${holderText(recipient.holder)} is weak`);
  const keys = shareKeys(primitives, shared, ephemeral.publicKey, recipient.agreement);
  const sealed = seals.seal(keys, sharePurpose(vaultId, current.epoch, recipient.holder), current.secret);
  return { recipient: recipient.holder, ephemeral: ephemeral.publicKey, sealed };
}

/** The secret in a share of ours. Throws E_TAMPER where it was not sealed to this key for this epoch and holder. */
export function openShare(
  tools: KeyTools,
  vaultId: VaultId,
  share: EpochShare & { readonly epoch: number },
  agreementSecret: Uint8Array,
): EpochSecret {
  const { primitives, seals } = tools;
  const shared = primitives.agree(agreementSecret, share.ephemeral);
  if (shared === undefined) throw new Failure('E_TAMPER', 'a share of an epoch secret comes with a weak key');
  const keys = shareKeys(primitives, shared, share.ephemeral, primitives.boxPair(agreementSecret).publicKey);
  return { epoch: share.epoch, secret: seals.open(keys, sharePurpose(vaultId, share.epoch, share.recipient), share.sealed) };
}

/** The secret of the epoch before, sealed under the current one. */
export function sealPreviousEpoch(tools: KeyTools, vaultId: VaultId, current: EpochSecret, previousSecret: Uint8Array): Uint8Array {
  const keys = new EpochKeys(tools.primitives, current.epoch, current.secret);
  return tools.seals.seal(keys, previousPurpose(vaultId, current.epoch), previousSecret);
}

/** The secret of the epoch before `current`. Throws E_TAMPER. */
export function openPreviousEpoch(tools: KeyTools, vaultId: VaultId, current: EpochSecret, sealed: Uint8Array): EpochSecret {
  const keys = new EpochKeys(tools.primitives, current.epoch, current.secret);
  return { epoch: current.epoch - 1, secret: tools.seals.open(keys, previousPurpose(vaultId, current.epoch), sealed) };
}

/** Both public keys go into the key: a share that is moved to another recipient, or given another ephemeral key, opens nowhere. */
function shareKeys(primitives: Primitives, shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): SecretKeys {
  return new SecretKeys(primitives, deriveKey(primitives, shared, labels.shareKey, ephemeral, recipient));
}

function sharePurpose(vaultId: VaultId, epoch: number, recipient: KeyHolder): Purpose {
  return { type: 'epoch-share', vaultId, epoch, context: bytesOfId(recipient.id) };
}

function previousPurpose(vaultId: VaultId, epoch: number): Purpose {
  return { type: 'previous-epoch', vaultId, epoch, context: concatBytes([u32(epoch - 1)]) };
}
