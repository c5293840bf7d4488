import type { EngineEvent as Event } from '../engine/engine-event.ts';

/** What a run tells while it works: one line of JSON each, for `sync --json`. */
export type EngineEvent = Event;
