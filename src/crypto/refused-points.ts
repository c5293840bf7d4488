/**
 * Keys and signatures that fit more than one message or more than one partner, and numbers with two spellings. libsodium
 * refuses most of them by itself, tweetnacl none: both providers ask here first, so that no entry is valid on one device
 * and void on another. (Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs", eprint 2020/1244.)
 */
import { fromHex } from '../base/bytes.ts';

const pointBytes = 32;

const numbers = (...texts: readonly string[]): readonly Uint8Array[] => texts.map((text) => fromHex(text)!);

/** 2^255 - 19, the field's prime, little-endian. */
const prime = numbers('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')[0]!;

/** The order of the main subgroup, little-endian. */
const groupOrder = numbers('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')[0]!;

/** y of the eight points whose order divides 8, on the curve that Ed25519 signs with. Both signs of x are refused. */
const smallOrderY = numbers(
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
);

/** u of the points whose order divides 8, on X25519's curve and its twist. */
const smallOrderU = numbers(
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
);

/** Whether this is no 32-byte number below the prime, or one of a small-order point. The sign bit is left out of account. */
export function isRefusedSigningPoint(encoded: Uint8Array): boolean {
  if (encoded.byteLength !== pointBytes) return true;
  const y = encoded.slice();
  y[31]! &= 0x7f;
  return !isBelow(y, prime) || smallOrderY.some((refused) => isSame(y, refused));
}

/** The same for X25519, whose public keys have no sign: the top bit must be clear. */
export function isRefusedAgreementPoint(encoded: Uint8Array): boolean {
  return encoded.byteLength !== pointBytes || !isBelow(encoded, prime) || smallOrderU.some((refused) => isSame(encoded, refused));
}

/** Whether the second half of a signature is reduced: adding the group's order to it gives another valid one otherwise. */
export function isReducedScalar(scalar: Uint8Array): boolean {
  return scalar.byteLength === pointBytes && isBelow(scalar, groupOrder);
}

/** Order of little-endian numbers. All of this is about public bytes: no need for constant time. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = pointBytes - 1; at >= 0; at -= 1) {
    if (a[at] !== b[at]) return a[at]! < b[at]!;
  }
  return false;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, at) => byte === b[at]);
}
