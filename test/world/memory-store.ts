import type { Clock } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import type { GetOptions, Hint, ListOptions, ListPage, PutOutcome, RequestOptions, Store } from '../../src/store/store.ts';

import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { Failure } from '../../src/base/failure.ts';
import { fraction } from '../../src/base/random.ts';
import { checkGetOptions, checkHintSize, checkListOptions } from '../../src/store/http/check-request.ts';
import { checkObjectName } from '../../src/store/object-name.ts';
import { MemoryMedium } from './memory-medium.ts';
import { noFaults, type StoreFaults, type StoreVerb } from './store-faults.ts';

/** One request as hooks see it. */
export interface StoreCall {
  readonly verb: StoreVerb;
  /** Object name, prefix, or empty for the hint. */
  readonly name: string;
  /** Place of this request among all of this view, from 1. */
  readonly ordinal: number;
}

/** Called around every request; may throw (a crash of the device) or wait (a rendezvous between devices). */
export interface StoreHooks {
  /** Before anything happened in the store. */
  before?: ((call: StoreCall) => void | Promise<void>) | undefined;
  /** After the effect, before the caller knows. */
  after?: ((call: StoreCall) => void | Promise<void>) | undefined;
}

/** What this view asked for so far. */
export interface StoreCounters {
  readonly requests: Record<StoreVerb, number>;
  bytesUp: number;
  bytesDown: number;
}

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** Seeded: decides which request meets which fault. */
  readonly random: Random;
  readonly label?: string;
  /** What the views share; a fresh one unless given. */
  readonly medium?: MemoryMedium;
  readonly faults?: Partial<StoreFaults>;
  /** Whether the store offers `watch` (default: yes). */
  readonly canWatch?: boolean;
}

const watchTimeoutMs = 30_000;

/**
 * A store in memory, with everything a real one may do wrong. One instance is one device's view: its knobs (`faults`,
 * `hooks`) are its own and may be changed at any time, its `medium` may be shared with other views (`view()`).
 */
export class MemoryStore implements Store {
  readonly label: string;
  readonly medium: MemoryMedium;
  readonly faults: StoreFaults;
  readonly hooks: StoreHooks = {};
  readonly counters: StoreCounters = {
    requests: { get: 0, putNew: 0, list: 0, delete: 0, putHint: 0, getHint: 0, watch: 0 },
    bytesUp: 0,
    bytesDown: 0,
  };
  readonly watch: Store['watch'];
  readonly #options: MemoryStoreOptions;
  #ordinal = 0;
  #wakesSeen: number;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.label = options.label ?? 'memory';
    this.medium = options.medium ?? new MemoryMedium(options.clock);
    this.#wakesSeen = this.medium.wakes;
    this.faults = { ...noFaults, ...options.faults };
    this.watch = options.canWatch === false ? undefined : (request) => this.#watch(request);
  }

  /** Another device's view of the same store, with its own knobs. */
  view(changes: Partial<MemoryStoreOptions> = {}): MemoryStore {
    return new MemoryStore({ ...this.#options, medium: this.medium, ...changes });
  }

  /** A view of a copy that goes its own way from here: what a forking store shows to one of two devices. */
  fork(changes: Partial<MemoryStoreOptions> = {}): MemoryStore {
    return this.view({ medium: this.medium.fork(), ...changes });
  }

  async get(name: string, options: GetOptions): Promise<Uint8Array | undefined> {
    checkObjectName(name);
    checkGetOptions(options);
    return this.#request('get', name, options.signal, () => {
      let bytes = this.medium.read(name, this.faults.staleGetMs);
      if (bytes === undefined) return undefined;
      if (this.#happens(this.faults.swap)) bytes = this.#otherObject(name) ?? bytes;
      if (this.#happens(this.faults.corrupt)) bytes = this.#corrupted(bytes);
      const { start, length } = options.range ?? { start: 0, length: bytes.byteLength };
      bytes = bytes.slice(start, start + length);
      if (bytes.byteLength > options.maxBytes) throw new Failure('E_LIMIT', `${name} is larger than ${options.maxBytes} bytes`);
      this.counters.bytesDown += bytes.byteLength;
      return bytes;
    });
  }

  async putNew(name: string, parts: readonly Uint8Array[], options: RequestOptions = {}): Promise<PutOutcome> {
    checkObjectName(name);
    const bytes = concatBytes(parts);
    try {
      return await this.#request('putNew', name, options.signal, () => this.#put(name, bytes));
    } catch (error) {
      if (error instanceof Unanswered) return 'unknown';
      throw error;
    }
  }

  async list(prefix: string, options: ListOptions): Promise<ListPage> {
    checkListOptions(prefix, options);
    return this.#request('list', prefix, options.signal, () => {
      const { after } = options;
      const found = this.medium.names(prefix, this.faults.staleListMs).filter((name) => after === undefined || name > after);
      const pageSize = Math.min(options.limit, this.faults.listPageMax);
      return { names: found.slice(0, pageSize), more: found.length > pageSize };
    });
  }

  async delete(name: string, options: RequestOptions = {}): Promise<void> {
    checkObjectName(name);
    return this.#request('delete', name, options.signal, () => {
      this.#deliver(() => {
        if (this.medium.read(name) !== undefined) this.medium.write(name, undefined);
      });
    });
  }

  async putHint(bytes: Uint8Array, options: RequestOptions = {}): Promise<void> {
    checkHintSize(bytes);
    const copy = bytes.slice();
    return this.#request('putHint', '', options.signal, () => {
      this.counters.bytesUp += copy.byteLength;
      this.#deliver(() => {
        this.medium.writeHint(copy);
      });
    });
  }

  async getHint(tag: string | undefined, options: RequestOptions = {}): Promise<Hint | undefined> {
    return this.#request('getHint', '', options.signal, () => {
      const bytes = this.medium.readHint(this.faults.staleGetMs);
      if (bytes === undefined || toHex(bytes) === tag) return undefined;
      this.counters.bytesDown += bytes.byteLength;
      return { bytes: bytes.slice(), tag: toHex(bytes) };
    });
  }

  async close(): Promise<void> {
    // Other views may go on.
  }

  #put(name: string, bytes: Uint8Array): PutOutcome {
    const { faults, medium } = this;
    this.counters.bytesUp += bytes.byteLength;
    const usedBytes = faults.capacityBytes === Infinity ? 0 : medium.sizeBytes();
    if (usedBytes + bytes.byteLength > faults.capacityBytes) throw new Failure('E_STORE_FULL', 'the store is full');
    if (this.#happens(faults.dropWrite)) return 'stored';
    if (faults.onExisting === 'refuse' && medium.read(name) !== undefined) return 'exists';
    const halfMs = this.#happens(faults.halfVisible) ? faults.halfVisibleMs : 0;
    this.#deliver(() => {
      const isFree = medium.read(name) === undefined;
      if (isFree || faults.onExisting === 'overwrite') medium.write(name, bytes, halfMs);
    });
    return 'stored';
  }

  /** Now, later without the caller knowing, or now and once more. */
  #deliver(effect: () => void): void {
    const { faults, medium } = this;
    if (this.#happens(faults.lateDelivery)) {
      medium.later(faults.lateMs, effect);
      throw new Unanswered();
    }
    effect();
    if (this.#happens(faults.duplicate)) medium.later(faults.lateMs, effect);
  }

  async #watch(options: RequestOptions): Promise<void> {
    await this.#request('watch', '', options.signal, () => undefined);
    await this.medium.watch(this.#wakesSeen, watchTimeoutMs, options.signal);
    this.#wakesSeen = this.medium.wakes;
  }

  /** The way there, the effect, the way back; each may fail. */
  async #request<Result>(verb: StoreVerb, name: string, signal: AbortSignal | undefined, effect: () => Result): Promise<Result> {
    const { faults, hooks } = this;
    signal?.throwIfAborted();
    this.#ordinal += 1;
    this.counters.requests[verb] += 1;
    const call = { verb, name, ordinal: this.#ordinal };
    await hooks.before?.(call);
    await this.#travel(signal);
    if (this.#isAway()) throw new Failure('E_STORE_UNREACHABLE', 'the store is away', { subject: name });
    if (faults.denied.includes(verb)) throw new Failure('E_STORE_DENIED', `the store refuses ${verb}`, { subject: name });
    if (this.#happens(faults.loseRequest)) throw new Unanswered();
    const result = effect();
    await hooks.after?.(call);
    await this.#travel(signal);
    if (this.#happens(faults.loseResponse)) throw new Unanswered();
    return result;
  }

  async #travel(signal: AbortSignal | undefined): Promise<void> {
    const { latencyMs, latencyJitterMs } = this.faults;
    const jitterMs = latencyJitterMs === 0 ? 0 : fraction(this.#options.random) * latencyJitterMs;
    if (latencyMs + jitterMs > 0) await this.#options.clock.sleep((latencyMs + jitterMs) / 2, signal);
    signal?.throwIfAborted();
  }

  #isAway(): boolean {
    const nowMs = this.#options.clock.nowMs();
    return this.faults.away || this.faults.outages.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  }

  /** Draws only where there is something to decide, so that a fault that is off leaves the stream of chance as it was. */
  #happens(probability: number): boolean {
    return probability > 0 && (probability >= 1 || fraction(this.#options.random) < probability);
  }

  #otherObject(name: string): Uint8Array | undefined {
    const others = this.medium.names().filter((other) => other !== name);
    const chosen = others[Math.floor(fraction(this.#options.random) * others.length)];
    return chosen === undefined ? undefined : this.medium.read(chosen);
  }

  #corrupted(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const at = Math.floor(fraction(this.#options.random) * copy.byteLength);
    const old = copy[at];
    if (old !== undefined) copy[at] = old ^ (1 << Math.floor(fraction(this.#options.random) * 8));
    return copy;
  }
}

/** The client heard nothing: whether it happened is not known to it. */
class Unanswered extends Failure {
  constructor() {
    super('E_STORE_UNREACHABLE', 'the store did not answer');
  }
}
