import type { Store } from './store.ts';

export type StoreVerb = 'get' | 'putNew' | 'list' | 'delete' | 'putHint' | 'getHint' | 'watch';

/** What went through a store since the start. */
export interface StoreMetrics {
  /** Begun, by verb. */
  readonly requests: Record<StoreVerb, number>;
  /** Of these: ended with an error. */
  failures: number;
  /** Puts whose outcome the store did not say. */
  unknownPuts: number;
  /** Bytes of objects and hints, as far as they arrived. */
  bytesUp: number;
  bytesDown: number;
}

export function newStoreMetrics(): StoreMetrics {
  return {
    requests: { get: 0, putNew: 0, list: 0, delete: 0, putHint: 0, getHint: 0, watch: 0 },
    failures: 0,
    unknownPuts: 0,
    bytesUp: 0,
    bytesDown: 0,
  };
}

/** Counts requests and bytes into `metrics`, which its owner may read at any time. */
export function withMetrics(store: Store, metrics: StoreMetrics): Store {
  const count = async <Result>(verb: StoreVerb, act: () => Promise<Result>): Promise<Result> => {
    metrics.requests[verb] += 1;
    try {
      return await act();
    } catch (error) {
      metrics.failures += 1;
      throw error;
    }
  };
  const { watch } = store;
  return {
    label: store.label,
    get: async (name, options) => {
      const bytes = await count('get', () => store.get(name, options));
      metrics.bytesDown += bytes?.byteLength ?? 0;
      return bytes;
    },
    putNew: async (name, parts, options) => {
      const outcome = await count('putNew', () => store.putNew(name, parts, options));
      if (outcome === 'unknown') metrics.unknownPuts += 1;
      if (outcome === 'stored') metrics.bytesUp += parts.reduce((sum, part) => sum + part.byteLength, 0);
      return outcome;
    },
    list: (prefix, options) => count('list', () => store.list(prefix, options)),
    delete: (name, options) => count('delete', () => store.delete(name, options)),
    putHint: async (bytes, options) => {
      await count('putHint', () => store.putHint(bytes, options));
      metrics.bytesUp += bytes.byteLength;
    },
    getHint: async (tag, options) => {
      const hint = await count('getHint', () => store.getHint(tag, options));
      metrics.bytesDown += hint?.bytes.byteLength ?? 0;
      return hint;
    },
    watch: watch === undefined ? undefined : (options) => count('watch', () => watch.call(store, options)),
    close: () => store.close(),
  };
}
