import { Failure } from '../../src/base/failure.ts';
import type { Random } from '../../src/base/random.ts';
import { Backoff } from '../../src/agent/backoff.ts';
import { watchStore } from '../../src/agent/store/store-news.ts';
import { StoreBusy } from '../../src/store/store-busy.ts';
import type { Store } from '../../src/store/store.ts';
import { withRetry } from '../../src/store/with-retry.ts';
import { SeededChoice } from '../world/seeded-choice.ts';
import { EventClock } from './event-clock.ts';

const minuteMs = 60_000;

export interface HerdPlan {
  readonly clients: number;
  /** Everything is well so long, then the store is away, then it is back and watched. Minutes. */
  readonly wellMinutes: number;
  readonly awayMinutes: number;
  readonly backMinutes: number;
  /** How the store is away: it takes no requests, or answers each with 503 and `Retry-After` of so many seconds. */
  readonly away: 'silent' | { readonly retryAfterSeconds: number };
  /** Requests that it can serve in a second; what is above is answered with 503 and a Retry-After of 30 seconds. */
  readonly capacityPerSecond: number;
  /** `watch`: clients are told by the server (as ours does), all connections break in one moment; `poll`: they ask every 30 to 120 seconds. */
  readonly news: 'watch' | 'poll';
}

export interface HerdReport {
  /** Requests that reached the store's address, by second. */
  readonly perSecond: readonly number[];
  /** Of these, served. */
  readonly servedPerSecond: readonly number[];
  /** When the last client had made a whole pass after the store was back, in seconds; Infinity: some never did. */
  readonly allBackSeconds: number;
}

/** Requests of a pass that finds nothing to do, and of one that was waiting with something. */
const passRequests = 6;
const watchHoldMs = 50_000;
const overloadRetryMs = 30_000;

/** Very many clients of one store, in virtual time, with the program's own waiting: watch, retry, gate and backoff. */
export async function runHerd(plan: HerdPlan): Promise<HerdReport> {
  const clock = new EventClock();
  const server = new HerdServer(plan, clock);
  const stop = new AbortController();
  const herd = Array.from({ length: plan.clients }, (_, index) => startClient({ plan, clock, server, seed: index, signal: stop.signal }));
  await clock.run((plan.wellMinutes + plan.awayMinutes + plan.backMinutes) * minuteMs);
  stop.abort(new Error('the end'));
  for (let round = 0; round < 20; round += 1) await clock.wakeAll();
  const backAtMs = (plan.wellMinutes + plan.awayMinutes) * minuteMs;
  const clients = await Promise.all(herd);
  const lastMs = Math.max(...maxInParts(clients.map(({ firstPassMs }) => firstPassMs)));
  return { perSecond: server.perSecond, servedPerSecond: server.servedPerSecond, allBackSeconds: (lastMs - backAtMs) / 1000 };
}

interface ClientPlan {
  readonly plan: HerdPlan;
  readonly clock: EventClock;
  readonly server: HerdServer;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** One device: its watch for news, and its passes, which after a failure are tried again as the agent does. */
async function startClient({ plan, clock, server, seed, signal }: ClientPlan): Promise<{ readonly firstPassMs: number }> {
  const random = smallRandom(seed);
  const store = withRetry(server.asStore(plan.news), { clock, random });
  const backoff = new Backoff({ firstMs: 1000, maxMs: 5 * minuteMs }, random);
  const backAtMs = (plan.wellMinutes + plan.awayMinutes) * minuteMs;
  let firstPassMs = Infinity;
  let isPassing = false;
  const pass = async (): Promise<void> => {
    if (isPassing) return;
    isPassing = true;
    try {
      while (!signal.aborted) {
        try {
          for (let request = 0; request < passRequests; request += 1) await store.list('journal/', { limit: 1, signal });
          if (clock.nowMs() >= backAtMs) firstPassMs = Math.min(firstPassMs, clock.nowMs());
          backoff.reset();
          return;
        } catch {
          await clock.sleep(backoff.nextMs(), signal).catch(() => undefined);
        }
      }
    } finally {
      isPassing = false;
    }
  };
  // They did not all begin in one moment.
  await clock.sleep((seed % 1000) * (minuteMs / 1000));
  const news = watchStore(
    {
      store,
      // Every thousandth look finds something: somebody is always at work.
      hasChanged: async (aborted) =>
        (await store.getHint(undefined, { signal: aborted })) !== undefined && random.bytes(2).join() === '7,7',
      clock,
      random,
      pollMs: 30_000,
      onNews: () => void pass(),
    },
    signal,
  );
  await news;
  return { firstPassMs };
}

/** Counts what reaches it. */
class HerdServer {
  readonly perSecond: number[] = [];
  readonly servedPerSecond: number[] = [];
  readonly #plan: HerdPlan;
  readonly #clock: EventClock;

  constructor(plan: HerdPlan, clock: EventClock) {
    this.#plan = plan;
    this.#clock = clock;
    const seconds = (plan.wellMinutes + plan.awayMinutes + plan.backMinutes) * 60 + 2;
    for (const counts of [this.perSecond, this.servedPerSecond]) for (let at = 0; at < seconds; at += 1) counts.push(0);
  }

  asStore(news: HerdPlan['news']): Store {
    const hint = { bytes: new Uint8Array(1), tag: 't' };
    return {
      label: 'herd',
      get: async () => this.#request(undefined),
      putNew: async () => this.#request('stored'),
      list: async () => this.#request({ names: [], more: false }),
      delete: async () => this.#request(undefined),
      putHint: async () => this.#request(undefined),
      getHint: async () => this.#request(hint),
      watch: news === 'watch' ? () => this.#watch() : undefined,
      close: async () => undefined,
    };
  }

  #request<Result>(result: Result): Promise<Result> {
    const second = Math.floor(this.#clock.nowMs() / 1000);
    this.perSecond[second] = (this.perSecond[second] ?? 0) + 1;
    if (this.#isAway()) {
      const { away } = this.#plan;
      if (away === 'silent') return Promise.reject(new Failure('E_STORE_UNREACHABLE', 'nobody there'));
      return Promise.reject(new StoreBusy('closed', away.retryAfterSeconds * 1000));
    }
    const served = this.servedPerSecond[second] ?? 0;
    if (served >= this.#plan.capacityPerSecond) return Promise.reject(new StoreBusy('too much', overloadRetryMs));
    this.servedPerSecond[second] = served + 1;
    return Promise.resolve(result);
  }

  /** Held until it is over, or the server goes away under it. */
  async #watch(): Promise<void> {
    await this.#request(undefined);
    const awayAtMs = this.#plan.wellMinutes * minuteMs;
    const leftMs = awayAtMs - this.#clock.nowMs();
    await this.#clock.sleep(leftMs > 0 ? Math.min(watchHoldMs, leftMs) : watchHoldMs);
    if (this.#isAway()) throw new Failure('E_STORE_UNREACHABLE', 'the connection broke');
  }

  #isAway(): boolean {
    const nowMs = this.#clock.nowMs();
    return nowMs >= this.#plan.wellMinutes * minuteMs && nowMs < (this.#plan.wellMinutes + this.#plan.awayMinutes) * minuteMs;
  }
}

/** Of a client's own; a generator of its own would be too large for so many. */
function smallRandom(seed: number): Random {
  const choice = new SeededChoice(seed * 7919 + 1);
  return { bytes: (count) => Uint8Array.from({ length: count }, () => choice.below(256)) };
}

/** `Math.max` takes no hundred thousand arguments. */
function maxInParts(values: readonly number[]): number[] {
  const parts: number[] = [];
  for (let at = 0; at < values.length; at += 10_000) parts.push(Math.max(...values.slice(at, at + 10_000)));
  return parts;
}
