/**
 * How two devices that share eight symbols, typed by a person, come to a key that nobody in between has, over a store that
 * may change every message. The approving device commits to every symbol before it hears one; then they show each other that
 * they know them, symbol by symbol, the new device first. All of it is bound to both sides' public keys. Whoever stands in
 * between with keys of its own has to make up a fresh commitment or proof for each symbol, and is found out at the first
 * wrong one, before the next symbol is shown: it gets one guess. A code is never used twice. (Bluetooth pairs by passkey in
 * the same way, bit by bit.)
 */
import { compareBytes, concatBytes, utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { deriveKey } from '../../crypto/derive-key.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { SecretKeys } from '../../crypto/seal-keys.ts';
import { u32 } from '../../crypto/u32.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import type { Answer } from './enrolment-messages.ts';
import type { EnrolmentSession } from './enrolment-names.ts';

/** Who shows something: what one side shows never counts as the other's. */
const roles = { new: 0, approver: 1 } as const;
export type EnrolmentRole = keyof typeof roles;

/** A symbol that is shown: its place in the code, its value, and what hides it until then. */
export interface ShownSymbol {
  readonly role: EnrolmentRole;
  readonly at: number;
  readonly symbol: number;
  readonly nonce: Uint8Array;
}

/** What both sides have said, without the commitments: what those are bound to. */
export function firstTranscript(
  primitives: Primitives,
  session: EnrolmentSession,
  hello: Uint8Array,
  { ephemeral, vaultId, keyList }: Omit<Answer, 'commitments'>,
): Uint8Array {
  const said = concatBytes([
    u32(session.length),
    utf8(session),
    u32(hello.length),
    hello,
    ephemeral,
    bytesOfId(vaultId),
    bytesOfId(keyList),
  ]);
  return primitives.blake2b(32, [labels.enrolTranscript, said]);
}

/** With the commitments: what proofs and the key are bound to. */
export function wholeTranscript(primitives: Primitives, first: Uint8Array, commitments: readonly Uint8Array[]): Uint8Array {
  return deriveKey(primitives, first, labels.enrolTranscript, concatBytes(commitments));
}

/** Hides the symbol until the nonce is known, and admits no other one then. */
export function commitTo(primitives: Primitives, transcript: Uint8Array, { role, at, symbol, nonce }: ShownSymbol): Uint8Array {
  return primitives.blake2b(32, [labels.enrolCommitment, transcript, Uint8Array.of(roles[role], at, symbol), nonce]);
}

/** Throws E_CODE unless it was this symbol. Neither side's value is secret any more once both are here. */
export function requireShown(primitives: Primitives, transcript: Uint8Array, shown: ShownSymbol, commitment: Uint8Array): void {
  if (compareBytes(commitTo(primitives, transcript, shown), commitment) === 0) return;
  throw new Failure('E_CODE', 'the two devices do not have the same code: it was typed wrong, or somebody stands in between');
}

/** The key of both sides, for what they seal to each other. Throws E_TAMPER for a weak key of the other side. */
export function sessionKeys(primitives: Primitives, transcript: Uint8Array, own: Uint8Array, theirs: Uint8Array): SecretKeys {
  const shared = primitives.agree(own, theirs);
  if (shared === undefined) throw new Failure('E_TAMPER', 'the other device comes with a weak key');
  return new SecretKeys(primitives, deriveKey(primitives, shared, labels.enrolKey, transcript));
}
