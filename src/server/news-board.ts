import type { Clock } from '../base/clock.ts';
import { Refusal } from './refusal.ts';

/** Devices of one person, each with one watch and perhaps an old one whose connection is not yet known to be dead. */
const maxWatchers = 128;
const comeBackAfterSeconds = 30;

/** Tells waiting clients of one store that something may be new. */
export class NewsBoard {
  readonly #clock: Clock;
  /** Different after each start, so that a cursor from before says "look". */
  readonly #start: string;
  readonly #holdMs: number;
  #count = 0;
  readonly #watchers = new Set<AbortController>();
  #isClosed = false;

  constructor(clock: Clock, start: string, holdMs: number) {
    this.#clock = clock;
    this.#start = start;
    this.#holdMs = holdMs;
  }

  get cursor(): string {
    return `${this.#start}-${this.#count}`;
  }

  post(): void {
    this.#count += 1;
    this.#release();
  }

  /** Resolves once the cursor is no longer `since`, after a while, when the client is gone, or when the board closes. */
  async wait(since: string, gone: AbortSignal): Promise<void> {
    if (since !== this.cursor || this.#isClosed || gone.aborted) return;
    if (this.#watchers.size >= maxWatchers) throw new Refusal(429, comeBackAfterSeconds);
    const watcher = new AbortController();
    this.#watchers.add(watcher);
    try {
      await this.#clock.sleep(this.#holdMs, AbortSignal.any([watcher.signal, gone]));
    } catch {
      // Woken, or nobody listens any more.
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  #release(): void {
    for (const watcher of this.#watchers) watcher.abort();
  }
}
