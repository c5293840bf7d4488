/**
 * Slots: ways into the vault by a passphrase or a recovery key. A slot is a 32-byte seed that only the secret's holder can
 * open. From it come an X25519 pair, to which every epoch's secret is sealed (so a new epoch needs nothing typed), and an
 * Ed25519 pair, which signs the one key list that adds a device joining by that secret alone, with no other device awake.
 */
import { concatBytes, toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { deriveKey } from '../../crypto/derive-key.ts';
import { labels } from '../../crypto/labels.ts';
import { passphraseKey, freshPassphraseParams, type PassphraseParams } from '../../crypto/passphrase.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { recoverySlotSecret, type RecoverySecret } from '../../crypto/recovery-key.ts';
import type { Purpose } from '../../crypto/seal.ts';
import { SecretKeys } from '../../crypto/seal-keys.ts';
import type { Secret } from '../../crypto/secret.ts';
import { u32 } from '../../crypto/u32.ts';
import { parseId, type SlotId, type VaultId } from '../../model/ids.ts';
import { compareBytes } from '../../base/bytes.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import { publicKeysOf, type HolderSecrets, type PublicKeys } from './holder-keys.ts';
import type { KeyTools } from './key-tools.ts';
import { slotKinds, type SlotKind } from './slot-kind.ts';

/** What a person has to open a slot with. */
export type SlotSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: Secret<string> }
  | { readonly kind: 'recovery'; readonly key: RecoverySecret };

/** How an active slot is opened. */
export interface SlotOpening {
  /** For a passphrase slot only. */
  readonly params: PassphraseParams | undefined;
  readonly sealedSeed: Uint8Array;
}

/** A slot with its seed still in the clear, before there is a vault to seal it for. */
export interface SlotSeed {
  readonly id: SlotId;
  readonly kind: SlotKind;
  readonly keys: PublicKeys;
  readonly seed: Uint8Array;
}

/** A slot as the list has it, and what is needed to open it. */
export interface OpenableSlot {
  readonly id: SlotId;
  readonly kind: SlotKind;
  readonly keys: PublicKeys;
  readonly opening: SlotOpening;
}

/** A new slot from fresh randomness. */
export function makeSlotSeed({ primitives, random }: KeyTools, kind: SlotKind): SlotSeed {
  const id = parseId('SlotId', toHex(random.bytes(16)));
  const seed = random.bytes(32);
  return { id, kind, seed, keys: publicKeysOf(primitives, { kind: 'slot', id }, slotSecrets(primitives, seed)) };
}

/** The slot, its seed sealed under the secret for this vault. Takes seconds for a passphrase. */
export async function sealSlot(tools: KeyTools, slot: SlotSeed, secret: SlotSecret, vaultId: VaultId): Promise<OpenableSlot> {
  if (slot.kind !== secret.kind) throw new Failure('E_FAILED', 'a secret of another kind than the slot');
  const params = secret.kind === 'passphrase' ? freshPassphraseParams(tools.random) : undefined;
  const keys = await slotSealKeys(tools.primitives, secret, params);
  const sealedSeed = tools.seals.seal(keys, purposeOf(slot, params, vaultId), slot.seed);
  return { id: slot.id, kind: slot.kind, keys: slot.keys, opening: { params, sealedSeed } };
}

/**
 * The secret keys of the slot. Throws E_KDF_BOUNDS before any key derivation is run; E_LOCKED where the secret is not this
 * slot's or the sealed seed was damaged (both look the same, by design); E_TAMPER where the seed that came out belongs to
 * other public keys than the signed list names.
 */
export async function openSlot(tools: KeyTools, slot: OpenableSlot, secret: SlotSecret, vaultId: VaultId): Promise<HolderSecrets> {
  const { primitives, seals } = tools;
  const keys = await slotSealKeys(primitives, secret, slot.opening.params);
  let seed: Uint8Array;
  try {
    seed = seals.open(keys, purposeOf(slot, slot.opening.params, vaultId), slot.opening.sealedSeed);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'E_TAMPER') throw cause;
    const what = secret.kind === 'passphrase' ? 'passphrase' : 'recovery key';
    throw new Failure('E_LOCKED', `wrong ${what}, or the store damaged the slot that it opens (the two can't be told apart)`, { cause });
  }
  if (seed.length !== 32) throw new Failure('E_TAMPER', 'the slot holds something else than a seed');
  const secrets = slotSecrets(primitives, seed);
  const { signing, agreement } = publicKeysOf(primitives, { kind: 'slot', id: slot.id }, secrets);
  if (compareBytes(signing, slot.keys.signing) !== 0 || compareBytes(agreement, slot.keys.agreement) !== 0) {
    throw new Failure('E_TAMPER', 'the slot opens, but to other keys than the list of devices names');
  }
  return secrets;
}

async function slotSealKeys(primitives: Primitives, secret: SlotSecret, params: PassphraseParams | undefined): Promise<SecretKeys> {
  if (secret.kind === 'recovery') return new SecretKeys(primitives, recoverySlotSecret(primitives, secret.key));
  if (params === undefined) throw new Failure('E_FORMAT', 'a passphrase slot without its parameters');
  return new SecretKeys(primitives, await passphraseKey(primitives, secret.passphrase.reveal(), params));
}

/** Id, kind and parameters are bound, so that no seed opens as another slot's and no store can weaken what it was sealed with. */
function purposeOf(slot: Pick<SlotSeed, 'id' | 'kind'>, params: PassphraseParams | undefined, vaultId: VaultId): Purpose {
  const cost = params === undefined ? [] : [u32(params.passes), u32(params.memoryKib), params.salt];
  const context = concatBytes([bytesOfId(slot.id), Uint8Array.of(slotKinds[slot.kind]), ...cost]);
  return { type: 'slot-seed', vaultId, epoch: 0, context };
}

function slotSecrets(primitives: Primitives, seed: Uint8Array): HolderSecrets {
  return {
    signingSeed: deriveKey(primitives, seed, labels.slotSigning),
    agreementSecret: deriveKey(primitives, seed, labels.slotAgreement),
  };
}
