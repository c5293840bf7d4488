import type { FailureCode } from '../base/failure.ts';

/** What a run of the engine tells while it works; `sync --json` prints one line for each. Paths are relative to the folder. */
export type EngineEvent =
  | { readonly event: 'scanning' }
  | { readonly event: 'scanned'; readonly items: number }
  | { readonly event: 'uploading' | 'downloading'; readonly path: string; readonly bytes: number }
  /** Totals so far in this run. */
  | {
      readonly event: 'progress';
      readonly filesDone: number;
      readonly bytesUp: number;
      readonly bytesDown: number;
      readonly pending: number;
    }
  | { readonly event: 'changed'; readonly what: 'added' | 'updated' | 'moved' | 'removed' | 'left-out'; readonly path: string }
  | { readonly event: 'committed'; readonly changes: number }
  | { readonly event: 'conflict'; readonly path: string; readonly copy: string }
  | { readonly event: 'problem'; readonly code: FailureCode; readonly path: string; readonly message: string; readonly action: string }
  | { readonly event: 'synced'; readonly problems: number };
