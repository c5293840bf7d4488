/** When a checkpoint is worth writing, and how far it may reach. Pure. */

/** What is known of the journal since the last checkpoint. */
export interface CheckpointQuestion {
  /** How far the last one reaches, and the Lamport number of its entry (0 and 0 where there is none). */
  readonly last: { readonly reach: number; readonly lamport: number };
  /** Lamport number of the last known entry of each device that is waited for; undefined where none is known above the floor. */
  readonly heads: readonly (number | undefined)[];
  /** Lamport numbers of entries that skip others, each with that of the entry skipped. */
  readonly skips: readonly { readonly by: number; readonly skipped: number }[];
  /** How much a checkpoint has to cover to be worth its snapshot: one of the two suffices. */
  readonly worth: CheckpointWorth;
  /** Entries above a Lamport number, and the bytes of their bodies. */
  readonly sizeAfter: (lamport: number) => { readonly entries: number; readonly bodyBytes: number };
}

export interface CheckpointWorth {
  readonly entries: number;
  readonly bodyBytes: number;
}

/** What everybody uses; tests don't want to wait for so many. */
export const usualWorth: CheckpointWorth = { entries: 512, bodyBytes: 32 * 1024 * 1024 };

/**
 * The Lamport number up to which a checkpoint may say "complete" now; undefined where none is worth writing. At most the
 * last known entry of everybody who is waited for: whatever they still have under way stands above that. At least the last
 * checkpoint's own entry, so that checkpoints know of each other. And never between an entry and the one that skips it.
 */
export function planCheckpoint(question: CheckpointQuestion): number | undefined {
  const { last, heads, skips, worth, sizeAfter } = question;
  if (heads.length === 0) return undefined;
  let reach = Math.min(...heads.map((lamport) => lamport ?? 0));
  for (;;) {
    const cut = skips.find(({ by, skipped }) => skipped <= reach && by > reach);
    if (cut === undefined) break;
    reach = cut.skipped - 1;
  }
  if (reach <= last.reach || reach < last.lamport) return undefined;
  const whole = sizeAfter(last.reach);
  const left = sizeAfter(reach);
  const isWorth = whole.entries - left.entries >= worth.entries || whole.bodyBytes - left.bodyBytes >= worth.bodyBytes;
  return isWorth ? reach : undefined;
}
