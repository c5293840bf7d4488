import { Failure } from '../base/failure.ts';
import type { Random } from '../base/random.ts';
import { crockfordAlphabet as alphabet, readTyped } from './crockford.ts';
import { deriveKey } from './derive-key.ts';
import { labels } from './labels.ts';
import type { Primitives } from './primitives.ts';
import { Secret } from './secret.ts';

/** 160 random bits, as 20 bytes. */
export type RecoverySecret = Secret<Uint8Array>;

const secretBytes = 20;
const symbols = 36;
const groupLength = 4;

/** A new recovery key. */
export function makeRecoveryKey(random: Random): RecoverySecret {
  return new Secret(random.bytes(secretBytes));
}

/** Nine groups of four letters and digits, for paper: 160 bits and a 20-bit checksum. */
export function recoveryKeyText(primitives: Primitives, secret: RecoverySecret): string {
  const bytes = secret.reveal();
  const text = toBase32(Uint8Array.of(...bytes, ...checksum(primitives, bytes))).slice(0, symbols);
  return Array.from({ length: symbols / groupLength }, (_, group) => text.slice(group * groupLength, (group + 1) * groupLength)).join('-');
}

/**
 * The key that a person typed: any case, O for 0, I or L for 1, with or without spaces and dashes. Throws E_LOCKED with a
 * message for people where it can't be right.
 */
export function parseRecoveryKey(primitives: Primitives, text: string): RecoverySecret {
  const typed = readTyped(text);
  const strange = [...typed].find((character) => !alphabet.includes(character));
  if (strange !== undefined) throw mistyped(`the character ${JSON.stringify(strange)} does not occur in a recovery key`);
  if (typed.length !== symbols)
    throw mistyped(`a recovery key has nine groups of four characters; this has ${typed.length} characters, not ${symbols}`);
  const bytes = fromBase32(typed);
  const secret = bytes.slice(0, secretBytes);
  // The last four bits of the 23 bytes are beyond the 36 symbols.
  const sum = checksum(primitives, secret);
  if (!sum.every((byte, at) => byte === bytes[secretBytes + at])) throw mistyped('this recovery key has a typing error');
  return new Secret(secret);
}

/** The 32-byte secret that a recovery slot's seed is sealed under. 160 random bits need no slow derivation. */
export function recoverySlotSecret(primitives: Primitives, secret: RecoverySecret): Uint8Array {
  return deriveKey(primitives, secret.reveal(), labels.recoveryKey);
}

function mistyped(message: string): Failure {
  return new Failure('E_LOCKED', message, { action: 'compare it with the paper, group by group' });
}

/** 20 bits in three bytes, the last four bits zero. */
function checksum(primitives: Primitives, secret: Uint8Array): Uint8Array {
  const sum = primitives.blake2b(32, [labels.recoveryChecksum, secret]);
  return Uint8Array.of(sum[0]!, sum[1]!, sum[2]! & 0xf0);
}

/** Five bits a symbol, most significant first; what doesn't fill a symbol is filled with zeros. */
function toBase32(bytes: Uint8Array): string {
  let text = '';
  for (let bit = 0; bit < bytes.byteLength * 8; bit += 5) {
    const pair = ((bytes[bit >>> 3]! << 8) | (bytes[(bit >>> 3) + 1] ?? 0)) >>> (11 - (bit & 7));
    text += alphabet.charAt(pair & 31);
  }
  return text;
}

/** Every symbol is in the alphabet by now. Bits that don't fill a byte are followed by zeros. */
function fromBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 5) / 8));
  for (const [index, symbol] of [...text].entries()) {
    const value = alphabet.indexOf(symbol) << (11 - ((index * 5) & 7));
    const at = (index * 5) >>> 3;
    bytes[at]! |= value >>> 8;
    if (at + 1 < bytes.byteLength) bytes[at + 1]! |= value & 0xff;
  }
  return bytes;
}
