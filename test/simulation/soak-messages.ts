import type { CoverageTables } from './coverage.ts';
import type { Finding } from './search-histories.ts';
import type { Kind } from './trouble.ts';

/** What one process of a long run is to look through. */
export interface SoakOrder {
  readonly kinds: readonly Kind[];
  readonly firstSeed: number;
  readonly seedStep: number;
  readonly durationMs: number;
  readonly historiesMax: number;
}

/** What it tells. */
export type SoakReport =
  | { readonly what: 'found'; readonly finding: Finding }
  | { readonly what: 'done'; readonly histories: number; readonly tables: CoverageTables };
