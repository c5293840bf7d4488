import { createRequire } from 'node:module';
import { Failure } from '../base/failure.ts';
import type { Primitives } from './primitives.ts';
import { isReducedScalar, isRefusedAgreementPoint, isRefusedSigningPoint } from './refused-points.ts';

/** The calls of sodium-native that are used. It has no types of its own. Outputs come first, as in libsodium. */
interface SodiumNative {
  crypto_generichash(output: Uint8Array, input: Uint8Array, key?: Uint8Array): void;
  crypto_generichash_batch(output: Uint8Array, batch: readonly Uint8Array[], key?: Uint8Array): void;
  crypto_secretbox_detached(cipher: Uint8Array, mac: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_secretbox_open_detached(message: Uint8Array, cipher: Uint8Array, mac: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
  crypto_secretbox_open_easy(message: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
  crypto_stream(output: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
  crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void;
  crypto_pwhash_async(
    output: Uint8Array,
    password: Uint8Array,
    salt: Uint8Array,
    passes: number,
    memoryBytes: number,
    algorithm: number,
  ): Promise<void>;
  readonly crypto_pwhash_ALG_ARGON2ID13: number;
}

const macBytes = 16;
const noNonce = new Uint8Array(24);

/** libsodium, by a prebuilt binding. Throws whatever loading throws where there is none for this machine. */
export function openSodiumPrimitives(): Primitives {
  // Not an import: it must be able to fail, and costs 20 ms that most commands would pay for nothing.
  const require = createRequire(import.meta.url);
  const sodium = require('sodium-native') as SodiumNative;
  return {
    name: 'sodium',
    blake2b: (outputBytes, parts, key) => {
      const output = new Uint8Array(outputBytes);
      const [only] = parts;
      if (only !== undefined && parts.length === 1) sodium.crypto_generichash(output, only, key);
      else sodium.crypto_generichash_batch(output, parts, key);
      return output;
    },
    secretboxSealInPlace: (box, nonce, key) => {
      const message = box.subarray(macBytes);
      sodium.crypto_secretbox_detached(message, box.subarray(0, macBytes), message, nonce, key);
    },
    secretboxOpen: (box, nonce, key) => {
      if (box.byteLength < macBytes) return undefined;
      const message = new Uint8Array(box.byteLength - macBytes);
      return sodium.crypto_secretbox_open_easy(message, box, nonce, key) ? message : undefined;
    },
    secretboxOpenInPlace: (box, nonce, key) => {
      if (box.byteLength < macBytes) return undefined;
      const message = box.subarray(macBytes);
      return sodium.crypto_secretbox_open_detached(message, message, box.subarray(0, macBytes), nonce, key) ? message : undefined;
    },
    keystream: (output, key) => {
      sodium.crypto_stream(output, noNonce, key);
    },
    ...signing(sodium),
    ...agreement(sodium),
    argon2id: async (password, salt, { passes, memoryKib }) => {
      const output = new Uint8Array(32);
      try {
        await sodium.crypto_pwhash_async(output, password, salt, passes, memoryKib * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13);
      } catch (cause) {
        throw new Failure('E_FAILED', `deriving a key from a passphrase needs ${Math.ceil(memoryKib / 1024)} MiB of free memory`, {
          cause,
        });
      }
      return output;
    },
  };
}

function signing(sodium: SodiumNative): Pick<Primitives, 'signingPair' | 'sign' | 'verify'> {
  return {
    signingPair: (seed) => {
      const publicKey = new Uint8Array(32);
      const secretKey = new Uint8Array(64);
      sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
      return { publicKey, secretKey };
    },
    sign: (message, secretKey) => {
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(signature, message, secretKey);
      return signature;
    },
    verify: (message, signature, publicKey) =>
      signature.byteLength === 64 &&
      isReducedScalar(signature.subarray(32)) &&
      !isRefusedSigningPoint(signature.subarray(0, 32)) &&
      !isRefusedSigningPoint(publicKey) &&
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
  };
}

function agreement(sodium: SodiumNative): Pick<Primitives, 'boxPair' | 'agree'> {
  return {
    boxPair: (secretKey) => {
      const publicKey = new Uint8Array(32);
      sodium.crypto_scalarmult_base(publicKey, secretKey);
      return { publicKey, secretKey };
    },
    agree: (secretKey, publicKey) => {
      if (isRefusedAgreementPoint(publicKey)) return undefined;
      const shared = new Uint8Array(32);
      // Throws on a zero result, which no key that passed the list gives.
      sodium.crypto_scalarmult(shared, secretKey, publicKey);
      return shared;
    },
  };
}
