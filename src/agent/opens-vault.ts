import { Failure } from '../base/failure.ts';
import { openSlot, type SlotSecret } from '../vault/keyring/slot.ts';
import type { AgentHost } from './agent-host.ts';
import { openKeyTools } from './key-tools.ts';
import { lookInto } from './look-into.ts';
import { rememberedSlots } from './remember-devices.ts';
import { parseSlotOffer } from './slot-offer.ts';

/** Whether this passphrase or recovery key opens the vault, as of the last sync. Takes seconds for a passphrase. */
export async function opensVault(host: AgentHost, secret: SlotSecret): Promise<boolean> {
  const { vaultId, slots } = await lookInto(host.profileDir, ({ settings, index }) => ({
    vaultId: settings.vaultId,
    slots: rememberedSlots(index).map(parseSlotOffer),
  }));
  for (const slot of slots.filter(({ kind }) => kind === secret.kind)) {
    if (await openSlot(openKeyTools(host.env), slot, secret, vaultId).then(() => true, isOther)) return true;
  }
  return false;
}

function isOther(error: unknown): false {
  if (error instanceof Failure && error.code === 'E_LOCKED') return false;
  throw error;
}
