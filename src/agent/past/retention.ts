/**
 * How long the vault keeps what is no longer in its tree: one number for all devices, in the journal. What is older may be
 * removed from the store one day; until then history reaches further back than it has to.
 */
import { openJournalBook } from '../../index/journal-book.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

/** Where nobody ever said. */
export const retentionDefaultDays = 180;
/** Whoever gets hold of one device for a moment must not be able to have the past thrown away at once. */
export const retentionFloorDays = 30;
export const retentionMaxDays = 36_500;

/** What a person set on this device and the vault does not know yet. */
const wishKey = 'retention.wish';

/** What holds, or will from the next run on. */
export function readRetention(index: SyncIndex): { readonly days: number; readonly isSet: boolean } {
  const said = openJournalBook(index).findRecord('retention', '');
  const days = index.settings.findInteger(wishKey) ?? (said === undefined ? undefined : (JSON.parse(said) as number));
  return { days: Math.max(days ?? retentionDefaultDays, retentionFloorDays), isSet: days !== undefined };
}

/** Has the next run tell the vault. */
export function wishRetention(index: SyncIndex, days: number): void {
  index.settings.writeInteger(wishKey, days);
}

/** What was set here and waits to be told. */
export function findRetentionWish(index: SyncIndex): number | undefined {
  return index.settings.findInteger(wishKey);
}

export function endRetentionWish(index: SyncIndex): void {
  index.settings.erase(wishKey);
}
