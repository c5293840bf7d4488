import type { FailureCode } from '../base/failure.ts';
import type { EngineEvent } from './engine-event.ts';
import type { SyncState } from './show/read-status.ts';

/** What a running agent tells: one line of JSON each, for `sync --watch --json`. */
export type AgentEvent =
  | EngineEvent
  /** It stands elsewhere than before; for all but good news, why. */
  | { readonly event: 'state'; readonly state: SyncState; readonly code?: FailureCode; readonly message?: string; readonly action?: string }
  /** Something that a person should know, and that stops nothing. */
  | { readonly event: 'notice'; readonly message: string };
