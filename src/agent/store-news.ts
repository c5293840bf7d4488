import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Store } from '../store/store.ts';
import { Backoff } from './backoff.ts';

export interface StoreNewsDeps {
  readonly store: Pick<Store, 'watch'>;
  /** Whether another device said that there is something new. */
  readonly hasChanged: (signal: AbortSignal) => Promise<boolean>;
  readonly clock: Clock;
  readonly random: Random;
  /** Between two looks at a store that can't tell. Milliseconds. */
  readonly pollMs: number;
  readonly onNews: () => void;
}

/** A store that says at once, and again and again, that something may be new, is asked no more often than that. */
const shortestMs = 100;
/** Looks in vain before they become rarer, and how rare at most. */
const idlePolls = 20;
const idleFactor = 4;

/** Waits for what other devices do, as cheaply as the store allows, until the signal. Never fails: a store that is away is asked later. */
export async function watchStore(deps: StoreNewsDeps, signal: AbortSignal): Promise<void> {
  const { store, clock, random, pollMs, onNews } = deps;
  const backoff = new Backoff({ firstMs: 1000, maxMs: Math.min(pollMs, 30_000) }, random);
  let isAway = false;
  for (let idle = 0; !signal.aborted; idle += 1) {
    try {
      if (isAway) await clock.sleep(backoff.nextMs(), signal);
      else if (store.watch === undefined)
        await clock.sleep(idle < idlePolls ? pollMs : Math.min(pollMs * idleFactor, Math.max(pollMs, 300_000)), signal);
      else await Promise.all([store.watch({ signal }), clock.sleep(shortestMs, signal)]);
      const hasNews = await deps.hasChanged(signal);
      // One that is back may have lost what it was about to say.
      if (hasNews || isAway) {
        idle = 0;
        onNews();
      }
      isAway = false;
      backoff.reset();
    } catch {
      isAway = true;
    }
  }
}
