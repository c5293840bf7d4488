import { utf8 } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';
import type { Random } from '../base/random.ts';
import type { Primitives } from './primitives.ts';

/** How dear a guess is, and the salt. Public; bound into the seal of what they protect. */
export interface PassphraseParams {
  /** Argon2id passes. */
  readonly passes: number;
  readonly memoryKib: number;
  /** 16 bytes, new for each passphrase. */
  readonly salt: Uint8Array;
}

/** What new slots are written with, and the range in which slots are read. Memory in KiB. */
export const passphraseBounds = {
  passes: { floor: 3, written: 4, ceiling: 16 },
  memoryKib: { floor: 256 * 1024, written: 512 * 1024, ceiling: 1024 * 1024 },
  saltBytes: 16,
} as const;

/** Parameters for a new passphrase: the defaults, with a fresh salt. */
export function freshPassphraseParams(random: Random): PassphraseParams {
  const { passes, memoryKib, saltBytes } = passphraseBounds;
  return { passes: passes.written, memoryKib: memoryKib.written, salt: random.bytes(saltBytes) };
}

/**
 * Throws E_KDF_BOUNDS outside floor and ceiling: below, a hostile store could make what is written next cheap to guess;
 * above, it could exhaust this machine.
 */
export function checkPassphraseParams(params: PassphraseParams): void {
  const { passes, memoryKib, saltBytes } = passphraseBounds;
  const within = (value: number, range: { readonly floor: number; readonly ceiling: number }): boolean =>
    Number.isSafeInteger(value) && value >= range.floor && value <= range.ceiling;
  if (!within(params.passes, passes) || !within(params.memoryKib, memoryKib) || params.salt.byteLength !== saltBytes) {
    throw new Failure('E_KDF_BOUNDS', 'the passphrase slot asks for key derivation outside the permitted range');
  }
}

/**
 * The 32-byte secret that a passphrase slot's seed is sealed under. The passphrase is normalised (NFKC), not trimmed.
 * Takes seconds and half a GiB by design. Throws E_KDF_BOUNDS before it starts.
 */
export async function passphraseKey(primitives: Primitives, passphrase: string, params: PassphraseParams): Promise<Uint8Array> {
  checkPassphraseParams(params);
  const { passes, memoryKib, salt } = params;
  return primitives.argon2id(utf8(passphrase.normalize('NFKC')), salt, { passes, memoryKib });
}
