/**
 * The Store port: a place that keeps opaque objects and is trusted with nothing. Adapters speak one protocol each and
 * add no policy; retry, limits and metrics are wrappers (with-retry.ts, …). Every adapter and the in-memory fake pass
 * the same conformance suite (test/contract/store).
 *
 * Names: `[a-z0-9/-]`, segments of 1 to 64, whole name at most 200 characters, no leading slash (object-name.ts checks).
 * Every verb throws only `Failure`: E_STORE_UNREACHABLE (away, slow, 5xx, cut short: may be tried again),
 * E_STORE_DENIED, E_STORE_FULL, E_STORE_REDIRECT, E_LIMIT (more bytes than allowed), and the signal's reason when aborted.
 */
export interface Store {
  /** For people and logs: kind and address without credentials. */
  readonly label: string;
  /**
   * The object's bytes; undefined where the store says there is none. With a range, those bytes that exist of it
   * (fewer only at the object's end, none past it). Never short otherwise: a reply that ends early is E_STORE_UNREACHABLE.
   * More than `maxBytes` is E_LIMIT, found while reading, not after.
   */
  get(name: string, options: GetOptions): Promise<Uint8Array | undefined>;
  /**
   * Puts an object under a name that was never used: visible whole or not at all, durable when this returns 'stored'.
   * 'exists': the name holds something already (perhaps our own earlier try): read it back before believing anything.
   * 'unknown': the store did not say; it may have happened, may still happen. The same bytes under the same name may be
   * put again. Stores that can't refuse an existing name may answer 'stored' to a second put of it.
   */
  putNew(name: string, parts: readonly Uint8Array[], options?: RequestOptions): Promise<PutOutcome>;
  /**
   * Names that start with `prefix`, after `after` (exclusive) in byte order, at most `limit` (1 to 1,000), sorted.
   * A hint: may miss new objects and show deleted ones. `more` says whether to ask again from the last name.
   */
  list(prefix: string, options: ListOptions): Promise<ListPage>;
  /** Removes the object; harmless where there is none. */
  delete(name: string, options?: RequestOptions): Promise<void>;
  /** Overwrites the one small mutable object (at most 1 KiB) whose loss or staleness harms nobody. */
  putHint(bytes: Uint8Array, options?: RequestOptions): Promise<void>;
  /** The hint's bytes, with a tag; undefined where there is none or it still has the tag given. */
  getHint(tag: string | undefined, options?: RequestOptions): Promise<Hint | undefined>;
  /** Where the store can tell: resolves when something may be new, or after a while; undefined where it can't. */
  readonly watch?: ((options: RequestOptions) => Promise<void>) | undefined;
  /** Ends connections. No verb may be called afterwards. */
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Awaited before each piece of a body is sent or taken: how with-bandwidth-limit.ts slows a transfer. Adapters without streams ignore it. */
  readonly pace?: ((bytes: number) => Promise<void>) | undefined;
}

export interface GetOptions extends RequestOptions {
  readonly maxBytes: number;
  /** First byte and number of bytes (at least 1). */
  readonly range?: { readonly start: number; readonly length: number } | undefined;
}

export interface ListOptions extends RequestOptions {
  readonly after?: string | undefined;
  readonly limit: number;
}

export type PutOutcome = 'stored' | 'exists' | 'unknown';

export interface ListPage {
  readonly names: readonly string[];
  readonly more: boolean;
}

export interface Hint {
  readonly bytes: Uint8Array;
  /** Opaque; equal tags say nothing for sure, different tags mean "look". */
  readonly tag: string;
}
