export type StoreVerb = 'get' | 'putNew' | 'list' | 'delete' | 'putHint' | 'getHint' | 'watch';

/** What a MemoryStore does wrong. Probabilities are 0 (never) to 1 (always), drawn once per request. */
export interface StoreFaults {
  /** There and back together, half of it before the effect. */
  latencyMs: number;
  /** At most so much more. */
  latencyJitterMs: number;
  /** The request never arrives: no effect, E_STORE_UNREACHABLE or 'unknown'. */
  loseRequest: number;
  /** It has its effect, but the answer is lost. */
  loseResponse: number;
  /** A write has its effect `lateMs` after the client gave up. */
  lateDelivery: number;
  /** A write has its effect, and once more after `lateMs` (which can bring back what was deleted meanwhile). */
  duplicate: number;
  lateMs: number;
  /** LIST shows the store as it was so long ago. */
  staleListMs: number;
  /** GET and the hint too. */
  staleGetMs: number;
  /** LIST gives shorter pages than asked for. */
  listPageMax: number;
  /** A new object shows only its first half for `halfVisibleMs`. */
  halfVisible: number;
  halfVisibleMs: number;
  /** GET flips one bit. */
  corrupt: number;
  /** GET gives another object's bytes. */
  swap: number;
  /** 'stored', and nothing is there. */
  dropWrite: number;
  /** What a second put of a name does; stores without preconditions answer 'stored' and keep or overwrite. */
  onExisting: 'refuse' | 'keep' | 'overwrite';
  /** More bytes than this: E_STORE_FULL. */
  capacityBytes: number;
  /** E_STORE_DENIED for these. */
  denied: readonly StoreVerb[];
  /** Unreachable until set back. */
  away: boolean;
  /** Unreachable in these spans of wall-clock time. */
  outages: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** A store that does everything right at once. */
export const noFaults: StoreFaults = {
  latencyMs: 0,
  latencyJitterMs: 0,
  loseRequest: 0,
  loseResponse: 0,
  lateDelivery: 0,
  duplicate: 0,
  lateMs: 60_000,
  staleListMs: 0,
  staleGetMs: 0,
  listPageMax: 1000,
  halfVisible: 0,
  halfVisibleMs: 5_000,
  corrupt: 0,
  swap: 0,
  dropWrite: 0,
  onExisting: 'refuse',
  capacityBytes: Infinity,
  denied: [],
  away: false,
  outages: [],
};
