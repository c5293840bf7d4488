import type { StoreMetrics } from '../../store/with-metrics.ts';

/** What went through a store, in both directions. */
export function bytesThrough({ bytesUp, bytesDown }: StoreMetrics): number {
  return bytesUp + bytesDown;
}
