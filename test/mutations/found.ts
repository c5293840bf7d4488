/** What one look for a planted bug came to. */
export interface Found {
  /** Scenarios or histories that it took, or that were all in vain. */
  readonly count: number;
  /** What failed; undefined: nothing did. */
  readonly what?: string | undefined;
}
