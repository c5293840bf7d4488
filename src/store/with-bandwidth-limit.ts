import type { Clock } from '../base/clock.ts';
import type { RequestOptions, Store } from './store.ts';

/** Bytes per second; undefined or 0: as fast as it goes. Read at every request, so the owner may change them at any time. */
export interface BandwidthLimits {
  readonly upBytesPerSecond: number | undefined;
  readonly downBytesPerSecond: number | undefined;
}

/** Unused time that may be caught up on. */
const burstMs = 250;

/** Slows bodies down to the limits, all requests together. What an adapter does not pace itself is waited for around it. */
export function withBandwidthLimit(store: Store, limits: BandwidthLimits, clock: Clock): Store {
  const up = new Meter(clock);
  const down = new Meter(clock);
  return {
    label: store.label,
    get: async (name, options) => {
      const toll = new Toll(down, limits.downBytesPerSecond, options.signal);
      const bytes = await store.get(name, toll.added(options));
      toll.settle(bytes?.byteLength ?? 0);
      return bytes;
    },
    putNew: async (name, parts, options) => {
      const toll = new Toll(up, limits.upBytesPerSecond, options?.signal);
      const outcome = await store.putNew(name, parts, toll.added(options ?? {}));
      toll.settle(outcome === 'exists' ? 0 : parts.reduce((sum, part) => sum + part.byteLength, 0));
      return outcome;
    },
    // Names and hints are small: they are not worth a wait.
    list: (prefix, options) => store.list(prefix, options),
    delete: (name, options) => store.delete(name, options),
    putHint: (bytes, options) => store.putHint(bytes, options),
    getHint: (tag, options) => store.getHint(tag, options),
    watch: store.watch?.bind(store),
    close: () => store.close(),
  };
}

/** The bytes of one request: paced where the adapter does so, the rest charged at its end. */
class Toll {
  readonly #meter: Meter;
  readonly #bytesPerSecond: number | undefined;
  readonly #signal: AbortSignal | undefined;
  #paidBytes = 0;

  constructor(meter: Meter, bytesPerSecond: number | undefined, signal: AbortSignal | undefined) {
    this.#meter = meter;
    this.#bytesPerSecond = bytesPerSecond === 0 ? undefined : bytesPerSecond;
    this.#signal = signal;
  }

  added<Options extends RequestOptions>(options: Options): Options {
    return this.#bytesPerSecond === undefined ? options : { ...options, pace: (bytes) => this.#pay(bytes) };
  }

  /** The object is already there or gone: what is still owed delays the next request, not this one's result. */
  settle(totalBytes: number): void {
    if (this.#bytesPerSecond !== undefined) this.#meter.charge(totalBytes - this.#paidBytes, this.#bytesPerSecond);
  }

  #pay(bytes: number): Promise<void> {
    if (this.#bytesPerSecond === undefined) return Promise.resolve();
    this.#paidBytes += bytes;
    return this.#meter.take(bytes, this.#bytesPerSecond, this.#signal);
  }
}

/** A token bucket kept as the moment at which it is in balance. */
class Meter {
  readonly #clock: Clock;
  #balancedAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until what was taken before is paid for, then takes. */
  async take(bytes: number, bytesPerSecond: number, signal: AbortSignal | undefined): Promise<void> {
    const fromMs = this.charge(bytes, bytesPerSecond);
    const waitMs = fromMs - this.#clock.monotonicMs();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }

  /** Takes without waiting; returns the moment from which the bytes may pass. */
  charge(bytes: number, bytesPerSecond: number): number {
    const fromMs = Math.max(this.#balancedAtMs, this.#clock.monotonicMs() - burstMs);
    this.#balancedAtMs = fromMs + (Math.max(0, bytes) / bytesPerSecond) * 1000;
    return fromMs;
  }
}
