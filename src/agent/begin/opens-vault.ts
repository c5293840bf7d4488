import { Failure } from '../../base/failure.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { openSlot, type SlotSecret } from '../../vault/keyring/slot.ts';
import type { AgentHost } from '../agent-host.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import { lookInto } from '../folder/look-into.ts';
import { rememberedRetiredSlots, rememberedSlots } from '../devices/remember-devices.ts';
import { parseSlotOffer } from '../keys/slot-offer.ts';

/** Whether this passphrase or recovery key opens the vault, as of the last sync. Takes seconds for a passphrase. */
export function opensVault(host: AgentHost, secret: SlotSecret): Promise<boolean> {
  return opensAny(host, secret, rememberedSlots);
}

/**
 * Whether it opens the vault, or opened it before: somebody may have it who should not. Takes seconds for each passphrase
 * that the vault ever had.
 */
export function everOpenedVault(host: AgentHost, secret: SlotSecret): Promise<boolean> {
  return opensAny(host, secret, (index) => [...rememberedSlots(index), ...rememberedRetiredSlots(index)]);
}

async function opensAny(host: AgentHost, secret: SlotSecret, slotsOf: (index: SyncIndex) => readonly string[]): Promise<boolean> {
  const { vaultId, slots } = await lookInto(host.profileDir, ({ settings, index }) => ({
    vaultId: settings.vaultId,
    slots: slotsOf(index).map(parseSlotOffer),
  }));
  for (const slot of slots.filter(({ kind }) => kind === secret.kind)) {
    host.signal.throwIfAborted();
    if (await openSlot(openKeyTools(host.env), slot, secret, vaultId).then(() => true, isOther)) return true;
  }
  return false;
}

function isOther(error: unknown): false {
  if (error instanceof Failure && error.code === 'E_LOCKED') return false;
  throw error;
}
