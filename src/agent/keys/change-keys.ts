/** What the owner of a profile does to the list of devices and slots. */
import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import { parseId } from '../../model/ids.ts';
import { renameDevice } from '../../vault/keyring/rename-device.ts';
import { replaceSlots } from '../../vault/keyring/replace-slots.ts';
import { revokeDevice, type RemovalReport } from '../../vault/keyring/revoke-device.ts';
import type { SlotKind } from '../../vault/keyring/slot-kind.ts';
import { changeSettings } from '../profile/change-settings.ts';
import type { Session } from '../open-session.ts';
import { rememberDevices } from '../devices/remember-devices.ts';
import { parseSlotOffer } from './slot-offer.ts';

const kinds = z.array(z.enum(['passphrase', 'recovery']));
export const removalSchema: z.ZodType<RemovalReport> = z.object({ isNew: z.boolean(), retired: kinds, replaced: kinds });

/** Removes a device; `slots` are offers for what it could open. Throws as `revokeDevice`. */
export async function removeDevice(
  session: Session,
  { device, slots }: { readonly device: string; readonly slots: readonly string[] },
  signal: AbortSignal,
): Promise<RemovalReport> {
  const removal = { device: parseId('DeviceId', device), replacements: slots.map(parseSlotOffer) };
  await catchUpIfPossible(session, signal);
  const report = await revokeDevice({ ...session.keyStore, signal }, session.keyring, session.own, removal);
  await announce(session, signal);
  return report;
}

/**
 * What it had published by now is everybody's: seen and vouched for, it stays. But a journal that is refused, perhaps for what
 * this very device wrote, must not keep it in.
 */
async function catchUpIfPossible({ journal, log }: Session, signal: AbortSignal): Promise<void> {
  try {
    await journal.catchUp(signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== 5) throw error;
    log.failure('journal refused before a removal', error);
  }
}

/** The one slot of a kind, or none of it. Throws as `replaceSlots`. */
export async function replaceSlot(
  session: Session,
  { kind, slot }: { readonly kind: SlotKind; readonly slot: string | null },
  signal: AbortSignal,
): Promise<void> {
  const offer = slot === null ? undefined : parseSlotOffer(slot);
  await replaceSlots({ ...session.keyStore, signal }, session.keyring, session.own, { kind, slot: offer });
  await announce(session, signal);
}

/** Another name for this device; what it is called now. Throws as `renameDevice`. */
export async function renameOwn(session: Session, wanted: string, signal: AbortSignal): Promise<{ readonly name: string }> {
  const { keyring, own, folder } = session;
  await renameDevice({ ...session.keyStore, signal }, keyring, own, wanted);
  const name = keyring.devices.find(({ id }) => id === own.id)?.name ?? wanted;
  await changeSettings(folder, (settings) => ({ ...settings, device: { id: own.id, name } }));
  await announce(session, signal);
  return { name };
}

/**
 * An entry under the new list: whoever reads it has to look at the list first. The change itself is done by then: what
 * fails here is made up for by the next sync.
 */
export async function announce({ index, keyring, journal, log }: Session, signal: AbortSignal): Promise<void> {
  rememberDevices(index, keyring);
  try {
    if (journal.hasPending) await journal.resumePending(signal);
    await journal.catchUp(signal);
    await journal.heartbeat(signal);
  } catch (error) {
    log.failure('change of keys not announced', error);
  }
}
