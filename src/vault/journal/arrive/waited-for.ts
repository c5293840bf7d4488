/** Whose next word a checkpoint must not overtake. */
import type { DeviceId } from '../../../model/ids.ts';
import type { Head, JournalBook } from '../../../model/journal-book.ts';

/** A device that said nothing for so long is not waited for. */
export const silentAfterMs = 30 * 24 * 60 * 60 * 1000;

export interface Waiting {
  readonly activeDevices: readonly DeviceId[];
  readonly nowMs: number;
}

/** Active devices that spoke lately, or that are new: of these nothing may have been heard yet (undefined). */
export function waitedFor(book: JournalBook, { activeDevices, nowMs }: Waiting): readonly (readonly [DeviceId, Head | undefined])[] {
  const heads = book.heads();
  const met = readMet(book);
  return activeDevices.flatMap((device) => {
    const head = heads.get(device);
    const since = head?.arrivedMs ?? met[device] ?? nowMs;
    return nowMs - since > silentAfterMs ? [] : [[device, head] as const];
  });
}

/** Notes when a device was first seen in the list of devices. Inside a transaction. */
export function noteMet(book: JournalBook, { activeDevices, nowMs }: Waiting): void {
  const met = readMet(book);
  const fresh = activeDevices.filter((device) => met[device] === undefined);
  if (fresh.length === 0) return;
  const all = { ...met, ...Object.fromEntries(fresh.map((device) => [device, nowMs])) };
  book.writeFact('met', new TextEncoder().encode(JSON.stringify(all)));
}

function readMet(book: JournalBook): Readonly<Record<string, number>> {
  const bytes = book.readFact('met');
  return bytes === undefined ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, number>);
}
