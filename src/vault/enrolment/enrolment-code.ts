/**
 * The code that a new device shows and a person types on a device of the vault: twelve symbols. The first three say where in
 * the store the new device waits; the store sees them. The next eight are the secret: each device proves to the other that
 * it knows them, one after the other (enrolment-proof.ts). The last one finds typing errors before they cost anything.
 */
import { Failure } from '../../base/failure.ts';
import type { Random } from '../../base/random.ts';
import { crockfordAlphabet, readTyped } from '../../crypto/crockford.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { Secret } from '../../crypto/secret.ts';

const placeSymbols = 3;
/** 40 bits: 35 that an attacker in the middle has to guess, as it learns one symbol before it has to show one. */
export const secretSymbols = 8;
const groupLength = 4;

export interface EnrolmentCode {
  /** Three symbols in lower case, as object names have them. */
  readonly place: string;
  /** Eight numbers from 0 to 31. */
  readonly secret: Secret<Uint8Array>;
  /** For people: `K7QM-2XNP-9D4T`. */
  readonly text: Secret<string>;
}

/** A new code. For one enrolment: it is worth nothing afterwards, however that ended. */
export function makeEnrolmentCode(primitives: Primitives, random: Random): EnrolmentCode {
  // Every value of five bits stands for a symbol: no symbol is likelier than another.
  return fromSymbols(
    primitives,
    random.bytes(placeSymbols + secretSymbols).map((byte) => byte & 31),
  );
}

/** The code that a person typed: any case, with or without dashes. Throws E_CODE where it can't be right. */
export function parseEnrolmentCode(primitives: Primitives, text: string): EnrolmentCode {
  const typed = [...readTyped(text)];
  const again = { action: 'compare it with what the new device shows; nothing was sent, and the code still holds' };
  const length = placeSymbols + secretSymbols + 1;
  if (typed.length !== length || typed.some((symbol) => !crockfordAlphabet.includes(symbol))) {
    throw new Failure('E_CODE', `a code has three groups of ${groupLength} letters and digits`, again);
  }
  const symbols = Uint8Array.from(typed, (symbol) => crockfordAlphabet.indexOf(symbol));
  const code = fromSymbols(primitives, symbols.subarray(0, -1));
  if (readTyped(code.text.reveal()) !== typed.join('')) throw new Failure('E_CODE', 'this code has a typing error', again);
  return code;
}

function fromSymbols(primitives: Primitives, symbols: Uint8Array): EnrolmentCode {
  const [checksum = 0] = primitives.blake2b(32, [labels.enrolChecksum, symbols]);
  const text = [...symbols, checksum & 31].map((value) => crockfordAlphabet.charAt(value)).join('');
  const groups = [0, 1, 2].map((group) => text.slice(group * groupLength, (group + 1) * groupLength));
  return {
    place: text.slice(0, placeSymbols).toLowerCase(),
    secret: new Secret(symbols.slice(placeSymbols)),
    text: new Secret(groups.join('-')),
  };
}
