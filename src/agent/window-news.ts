import type { Clock } from '../base/clock.ts';
import { unreachable } from '../base/failure.ts';
import type { AgentNews, AgentNewsKind } from '../control/acts/agent-news.ts';
import type { AgentEvent } from './agent-event.ts';

/** So that what happens together is told together. */
const gatherMs = 20;
/** Windows are told four times a second at most. */
const pauseMs = 250;

/** Gathers what windows should look at again. Says of what kind it was and nothing else: no name ever passes here. */
export class WindowNews {
  readonly #clock: Clock;
  readonly #tell: (news: AgentNews) => void;
  readonly #signal: AbortSignal;
  readonly #kinds = new Set<AgentNewsKind>();
  #isTelling = false;
  #nextMs = 0;

  constructor(clock: Clock, tell: (news: AgentNews) => void, signal: AbortSignal) {
    this.#clock = clock;
    this.#tell = tell;
    this.#signal = signal;
  }

  add(...kinds: readonly AgentNewsKind[]): void {
    for (const kind of kinds) this.#kinds.add(kind);
    if (!this.#isTelling) void this.#tellSoon();
  }

  /** What an event means for windows. */
  hear(event: AgentEvent): void {
    this.add(...newsOf(event));
  }

  /** Only until the signal: whoever listened is gone then. */
  async #tellSoon(): Promise<void> {
    this.#isTelling = true;
    try {
      await this.#clock.sleep(Math.max(gatherMs, this.#nextMs - this.#clock.monotonicMs()), this.#signal);
    } catch {
      return;
    }
    this.#isTelling = false;
    this.#nextMs = this.#clock.monotonicMs() + pauseMs;
    for (const event of this.#kinds) this.#tell({ event });
    this.#kinds.clear();
  }
}

function newsOf(event: AgentEvent): readonly AgentNewsKind[] {
  switch (event.event) {
    case 'state':
      return ['state', 'progress'];
    case 'scanning':
    case 'scanned':
    case 'uploading':
    case 'downloading':
    case 'progress':
      return ['progress'];
    case 'changed':
    case 'committed':
      return ['progress', 'activity', 'folders'];
    case 'conflict':
      return ['state', 'conflicts', 'activity'];
    case 'problem':
      return ['state', 'problems'];
    // What the vault has by now: also decisions of other devices.
    case 'synced':
      return ['state', 'progress', 'conflicts', 'problems', 'activity', 'folders', 'devices'];
    case 'notice':
      return ['devices'];
    default:
      return unreachable(event);
  }
}
