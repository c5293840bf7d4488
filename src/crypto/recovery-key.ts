import type { Random } from '../base/random.ts';
import { Failure } from '../base/failure.ts';
import type { Primitives } from './primitives.ts';
import { Secret } from './secret.ts';

/** 160 random bits, as 20 bytes. */
export type RecoverySecret = Secret<Uint8Array>;

/** A new recovery key. */
export function makeRecoveryKey(random: Random): RecoverySecret {
  return new Secret(random.bytes(20));
}

/** Nine groups of four letters and digits, for paper: 160 bits and a 20-bit checksum. */
export function recoveryKeyText(primitives: Primitives, secret: RecoverySecret): string {
  throw new Failure('E_FAILED', `${primitives.name}${secret}`);
}

/**
 * The key that a person typed: any case, O for 0, I or L for 1, with or without spaces and dashes. Throws E_LOCKED with a
 * message for people where it can't be right.
 */
export function parseRecoveryKey(primitives: Primitives, text: string): RecoverySecret {
  throw new Failure('E_FAILED', `${primitives.name}${text}`);
}

/** The 32-byte secret that a recovery slot's seed is sealed under. */
export function recoverySlotSecret(primitives: Primitives, secret: RecoverySecret): Uint8Array {
  throw new Failure('E_FAILED', `${primitives.name}${secret}`);
}
