import type { Session } from '../open-session.ts';
import { endRetentionWish, findRetentionWish } from './retention.ts';

/** Tells the vault what was set on this device. */
export async function publishRetention({ index, journal }: Session, signal: AbortSignal): Promise<void> {
  const days = findRetentionWish(index);
  if (days === undefined) return;
  if (journal.retentionDays !== days) await journal.commit({ groups: [[{ do: 'retention', days }]], packs: [] }, signal);
  // Unless it was set again meanwhile.
  if (findRetentionWish(index) === days) endRetentionWish(index);
}
