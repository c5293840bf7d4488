import { EpochKeys } from '../../../src/crypto/epoch-keys.ts';
import type { Primitives } from '../../../src/crypto/primitives.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { parseId } from '../../../src/model/ids.ts';
import type { Sealing } from '../../../src/vault/sealing.ts';
import { bytesOf, seededRandom } from '../../crypto/fixed-random.ts';
import { sodium } from '../../crypto/providers.ts';

/** A vault's sealing and the keys of its epochs, the same in every run. */
export interface TestVault {
  readonly sealing: Sealing;
  keys(epoch: number): EpochKeys;
}

export function testVault(seed: string, primitives: Primitives = sodium): TestVault {
  const hex = Buffer.from(bytesOf(`${seed}/vault`, 32)).toString('hex');
  const sealing = { primitives, seals: new Seals(primitives, seededRandom(seed)), vaultId: parseId('VaultId', hex) };
  return { sealing, keys: (epoch) => new EpochKeys(primitives, epoch, bytesOf(`${seed}/epoch ${epoch}`, 32)) };
}

/** A changed copy: the byte at `at` (from the end where negative) with one bit flipped. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = bytes.slice();
  const index = at < 0 ? bytes.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
}
