import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fromHex } from '../../../src/base/bytes.ts';
import type { Random } from '../../../src/base/random.ts';
import { EpochKeys } from '../../../src/crypto/epoch-keys.ts';
import type { Primitives } from '../../../src/crypto/primitives.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { parseId } from '../../../src/model/ids.ts';
import type { Sealing } from '../../../src/vault/sealing.ts';

/** Bytes that stand as hex in a vector file. */
export const hexBytes = z.string().transform((text, context) => {
  const bytes = fromHex(text);
  if (bytes === undefined) context.addIssue('not hexadecimal');
  return bytes ?? new Uint8Array();
});

/** What every vector file of the vault begins with. */
export const vectorVault = { about: z.string(), vaultId: z.string(), epoch: z.number(), epochSecret: hexBytes } as const;

export function readVectors(file: string): unknown {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../../vectors/${file}`, 'utf8'));
}

/** The draws of a vector, in their order; asking for others is a failure. */
export function replayed(noise: readonly Uint8Array[]): Random {
  const draws = noise.values();
  return {
    bytes: (count) => {
      const draw = draws.next().value;
      if (draw?.length !== count) throw new Error(`asked for ${count} bytes, not ${draw?.length}`);
      return draw;
    },
  };
}

/** The vault of a vector file, with the draws that its objects were sealed with. */
export function vaultOf(
  { vaultId, epoch, epochSecret }: { readonly vaultId: string; readonly epoch: number; readonly epochSecret: Uint8Array },
  primitives: Primitives,
  noise: readonly Uint8Array[] = [],
): { readonly sealing: Sealing; readonly keys: EpochKeys } {
  const sealing = { primitives, seals: new Seals(primitives, replayed(noise)), vaultId: parseId('VaultId', vaultId) };
  return { sealing, keys: new EpochKeys(primitives, epoch, epochSecret) };
}
