/**
 * A slot that is made where the secret was typed, and goes to the owner of the profile sealed: no passphrase and no recovery
 * key ever passes between processes.
 */
import type { VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { decodeStrict, encode } from '../../vault/cbor.ts';
import { parseSlot, slotToCbor } from '../../vault/keyring/key-list-wire.ts';
import type { KeyTools } from '../../vault/keyring/key-tools.ts';
import { makeSlotSeed, sealSlot, type OpenableSlot, type SlotSecret } from '../../vault/keyring/slot.ts';
import { Failure } from '../../base/failure.ts';

/** A new slot that this secret opens, as text for `parseSlotOffer`. Takes seconds for a passphrase. */
export async function makeSlotOffer(tools: KeyTools, secret: SlotSecret, vaultId: VaultId): Promise<string> {
  const slot = await sealSlot(tools, makeSlotSeed(tools, secret.kind), secret, vaultId);
  // Its place in the lists is the author's to say.
  return Buffer.from(encode(slotToCbor({ ...slot, addedGeneration: 1 }))).toString('base64');
}

/** Throws E_FORMAT, E_LIMIT, E_KDF_BOUNDS for anything that `makeSlotOffer` does not make. */
export function parseSlotOffer(text: string): OpenableSlot {
  const { id, kind, keys, opening } = parseSlot(decodeStrict(Buffer.from(text, 'base64'), limits.keyListMaxBytes));
  if (opening === undefined) throw new Failure('E_FORMAT', 'a slot that nothing opens');
  return { id, kind, keys, opening };
}
