/** When an agent that ended by itself is started again. */

const firstMs = 500;
const longestMs = 60_000;
/** This many ends within the window: something is wrong that another start does not mend. */
const endsMax = 6;
const windowMs = 5 * 60_000;

/** Waits so long, in milliseconds; or leaves it to a person. */
export type RestartPlan = { readonly do: 'wait'; readonly ms: number } | { readonly do: 'give-up' };

/** While another Cachette is at work on the profile, which ends by itself (a `cachette sync`), this often. */
const busyMs = 2000;

/** What the agent says last where another process has the profile. */
export function isBusy(lastWords: string): boolean {
  return /\bE_BUSY\b/.test(lastWords);
}

/** `endedMs`: when it ended so far, oldest first, the last one now. `lastWords`: what it said then. */
export function planRestart(endedMs: readonly number[], lastWords: string): RestartPlan {
  if (isBusy(lastWords)) return { do: 'wait', ms: busyMs };
  const nowMs = endedMs.at(-1) ?? 0;
  const recent = endedMs.filter((ms) => nowMs - ms < windowMs).length;
  if (recent >= endsMax) return { do: 'give-up' };
  return { do: 'wait', ms: Math.min(longestMs, firstMs * 2 ** Math.max(0, recent - 1)) };
}
