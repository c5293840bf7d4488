import { createRequire } from 'node:module';
import type * as NobleArgon2 from '@noble/hashes/argon2.js';
import type * as NobleBlake2 from '@noble/hashes/blake2.js';
import type * as Tweetnacl from 'tweetnacl';
import { Failure } from '../base/failure.ts';
import type { Primitives } from './primitives.ts';
import { isReducedScalar, isRefusedAgreementPoint, isRefusedSigningPoint } from './refused-points.ts';

/** What tweetnacl has below its documented face; its types leave it out. */
interface LowLevelNacl {
  readonly lowlevel: {
    crypto_stream(output: Uint8Array, at: number, length: number, nonce: Uint8Array, key: Uint8Array): number;
  };
}

type Nacl = typeof Tweetnacl;

const macBytes = 16;
const noNonce = new Uint8Array(24);

/** Plain JavaScript, for machines without a prebuilt libsodium: the same bytes, many times slower. */
export function openPortablePrimitives(): Primitives {
  // Not imports: few machines ever need them, and each start would pay 25 ms.
  const require = createRequire(import.meta.url);
  const nacl = require('tweetnacl') as Nacl & LowLevelNacl;
  const { blake2b } = require('@noble/hashes/blake2.js') as typeof NobleBlake2;
  const { argon2idAsync } = require('@noble/hashes/argon2.js') as typeof NobleArgon2;
  return {
    name: 'portable',
    blake2b: (outputBytes, parts, key) => {
      const hash = blake2b.create(key === undefined ? { dkLen: outputBytes } : { dkLen: outputBytes, key });
      for (const part of parts) hash.update(part);
      return hash.digest();
    },
    secretboxSealInPlace: (box, nonce, key) => {
      box.set(nacl.secretbox(box.subarray(macBytes), nonce, key));
    },
    secretboxOpen: (box, nonce, key) => nacl.secretbox.open(box, nonce, key) ?? undefined,
    secretboxOpenInPlace: (box, nonce, key) => {
      const message = nacl.secretbox.open(box, nonce, key);
      if (message === null) return undefined;
      box.set(message, macBytes);
      return box.subarray(macBytes);
    },
    keystream: (output, key) => {
      nacl.lowlevel.crypto_stream(output, 0, output.byteLength, noNonce, key);
    },
    ...signing(nacl),
    ...agreement(nacl),
    argon2id: async (password, salt, { passes, memoryKib }) => {
      try {
        // Its own ceiling is 1 GiB, bookkeeping included; what is permitted is decided elsewhere.
        return await argon2idAsync(password, salt, { t: passes, m: memoryKib, p: 1, dkLen: 32, maxmem: memoryKib * 1024 + 65_536 });
      } catch (cause) {
        throw new Failure('E_FAILED', `deriving a key from a passphrase needs ${Math.ceil(memoryKib / 1024)} MiB of free memory`, {
          cause,
        });
      }
    },
  };
}

function signing(nacl: Nacl): Pick<Primitives, 'signingPair' | 'sign' | 'verify'> {
  return {
    signingPair: (seed) => nacl.sign.keyPair.fromSeed(seed),
    sign: (message, secretKey) => nacl.sign.detached(message, secretKey),
    verify: (message, signature, publicKey) =>
      signature.byteLength === 64 &&
      isReducedScalar(signature.subarray(32)) &&
      !isRefusedSigningPoint(signature.subarray(0, 32)) &&
      !isRefusedSigningPoint(publicKey) &&
      nacl.sign.detached.verify(message, signature, publicKey),
  };
}

function agreement(nacl: Nacl): Pick<Primitives, 'boxPair' | 'agree'> {
  return {
    boxPair: (secretKey) => ({ publicKey: nacl.scalarMult.base(secretKey), secretKey }),
    agree: (secretKey, publicKey) => (isRefusedAgreementPoint(publicKey) ? undefined : nacl.scalarMult(secretKey, publicKey)),
  };
}
