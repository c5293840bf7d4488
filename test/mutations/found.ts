import type { Kind } from '../simulation/trouble.ts';

/** What one look for a planted bug came to. */
export interface Found {
  /** Scenarios or histories that it took, or that were all in vain. */
  readonly count: number;
  /** What failed; undefined: nothing did. */
  readonly what?: string | undefined;
  /** The random history that failed, where it was one. */
  readonly history?: { readonly kind: Kind; readonly seed: number } | undefined;
}
