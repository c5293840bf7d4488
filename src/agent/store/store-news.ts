import type { Clock } from '../../base/clock.ts';
import { fraction, type Random } from '../../base/random.ts';
import type { Store } from '../../store/store.ts';
import { StoreOffline } from '../../store/store-offline.ts';
import { Backoff } from '../backoff.ts';

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
/** A store can say at every look that there is news, true or not, and each costs a pass: after so many at once, one in this time. */
const newsBurst = 60;
const newsEveryMs = 1000;
/** Looks in vain before they become rarer, and how rare at most. */
const idlePolls = 20;
const idleFactor = 4;
/**
 * Between two looks at a store that is away. A server that is started anew has broken the watches of all its clients in one moment:
 * so even the first look is not at once. Who waits no longer than the outage has lasted, and never longer than this, finds out soon enough.
 */
const away = { firstMs: 8_000, maxMs: 300_000 } as const;
/** While this computer has no network, looking costs nobody anything. */
const offlineMaxMs = 15_000;

/** Waits for what other devices do, as cheaply as the store allows, until the signal. Never fails: a store that is away is asked later. */
export async function watchStore(deps: StoreNewsDeps, signal: AbortSignal): Promise<void> {
  const { store, clock, random, pollMs, onNews } = deps;
  const backoff = new Backoff(away, random);
  let isAway = false;
  let isOffline = false;
  /** When the last of the news would have come, one after the other. */
  let newsUntilMs = 0;
  for (let idle = 0; !signal.aborted; idle += 1) {
    try {
      if (isAway) await clock.sleep(Math.min(backoff.nextMs(), isOffline ? offlineMaxMs : away.maxMs), signal);
      else if (store.watch === undefined)
        await clock.sleep(spread(idle < idlePolls ? pollMs : Math.min(pollMs * idleFactor, Math.max(pollMs, 300_000)), random), signal);
      else await Promise.all([store.watch({ signal }), clock.sleep(shortestMs, signal)]);
      const hasNews = await deps.hasChanged(signal);
      // One that is back may have lost what it was about to say.
      if (hasNews || isAway) {
        idle = 0;
        newsUntilMs = Math.max(newsUntilMs, clock.monotonicMs()) + newsEveryMs;
        const aheadMs = newsUntilMs - clock.monotonicMs() - newsBurst * newsEveryMs;
        if (aheadMs > 0) await clock.sleep(aheadMs, signal);
        onNews();
      }
      isAway = false;
      backoff.reset();
    } catch (error) {
      isAway = true;
      isOffline = error instanceof StoreOffline;
    }
  }
}

/** A quarter less or more: clients that began together do not ask together for ever. */
function spread(delayMs: number, random: Random): number {
  return delayMs * (0.75 + fraction(random) / 2);
}
