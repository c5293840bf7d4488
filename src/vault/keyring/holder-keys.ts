/**
 * A holder's two key pairs: Ed25519 to sign, X25519 to be sent secrets. They are independent, and the signing key certifies
 * the other one for this very holder, so nobody can enrol a key that belongs to someone else, and a list that keeps the
 * signing key but swaps the other is refused.
 */
import { concatBytes } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { readBytes, type CborValue } from '../cbor.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import { holderKinds, holderText, type KeyHolder } from './key-holder.ts';

/** What everyone may know of a holder's keys. */
export interface PublicKeys {
  /** Ed25519, 32 bytes. */
  readonly signing: Uint8Array;
  /** X25519, 32 bytes. */
  readonly agreement: Uint8Array;
  /** Signature of the signing key over holder and both keys, 64 bytes. */
  readonly certificate: Uint8Array;
}

/** What only the holder knows. */
export interface HolderSecrets {
  /** Seed of the Ed25519 pair, 32 bytes. */
  readonly signingSeed: Uint8Array;
  /** X25519 secret, 32 bytes. */
  readonly agreementSecret: Uint8Array;
}

/** The public half of these secrets, certified for this holder. */
export function publicKeysOf(primitives: Primitives, holder: KeyHolder, secrets: HolderSecrets): PublicKeys {
  const { publicKey: signing, secretKey } = primitives.signingPair(secrets.signingSeed);
  const agreement = primitives.boxPair(secrets.agreementSecret).publicKey;
  return { signing, agreement, certificate: primitives.sign(certifiedBytes(holder, signing, agreement), secretKey) };
}

/**
 * Throws E_TAMPER unless the certificate holds for this holder and neither key is weak: `verify` refuses Ed25519 keys,
 * and `agree` X25519 keys, of small order or in a second encoding.
 */
export function requireSoundKeys(primitives: Primitives, holder: KeyHolder, keys: PublicKeys): void {
  if (primitives.agree(probeSecret, keys.agreement) === undefined) {
    throw new Failure('E_TAMPER', `the agreement key of ${holderText(holder)} is weak`);
  }
  if (!primitives.verify(certifiedBytes(holder, keys.signing, keys.agreement), keys.certificate, keys.signing)) {
    throw new Failure('E_TAMPER', `the keys of ${holderText(holder)} are not certified by its signing key`);
  }
}

/** Wire form: signing key, agreement key, certificate, in a row. */
export function publicKeysToCbor(keys: PublicKeys): readonly CborValue[] {
  return [keys.signing, keys.agreement, keys.certificate];
}

/** Throws E_FORMAT where a field has another length. */
export function parsePublicKeys(signing: unknown, agreement: unknown, certificate: unknown): PublicKeys {
  return { signing: readBytes(signing, 32), agreement: readBytes(agreement, 32), certificate: readBytes(certificate, 64) };
}

/** Any secret shows a small order: multiplication clears the cofactor, so such a key always gives zero. */
const probeSecret = new Uint8Array(32).fill(0x42);

function certifiedBytes(holder: KeyHolder, signing: Uint8Array, agreement: Uint8Array): Uint8Array {
  return concatBytes([labels.signDeviceKeys, Uint8Array.of(holderKinds[holder.kind]), bytesOfId(holder.id), signing, agreement]);
}
