/** A session and its loop, for as long as they can be kept up. */
import { Failure } from '../base/failure.ts';
import { systemRandom } from '../base/random.ts';
import { quarantineIndex } from '../index/file/quarantine-index.ts';
import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { AgentLoop } from './agent-loop.ts';
import { afterFailure } from './agent-state.ts';
import { Backoff } from './backoff.ts';
import { openNoted } from './open-noted.ts';
import { openSession, type Session } from './open-session.ts';
import { keepScrubbing } from './verify/scrub.ts';

/** What is at work. */
export interface Kept {
  readonly session: Session;
  readonly loop: AgentLoop;
}

/** Whoever keeps a session. */
export interface Keeper {
  readonly emit: (event: AgentEvent) => void;
  /** Before the loop begins; what it gives is called once the loop ended, before the session is closed. */
  readonly onOpen: (kept: Kept) => Promise<() => Promise<void>>;
  /** The store is away, so there is no session yet. What it gives ends the rest before the next try. */
  readonly onAway: (why: Failure) => AbortSignal;
}

/**
 * Opens the session and works until `host.signal`; then rejects with its reason, everything put away. Throws as
 * `openSession` (except while the store is away: then it tries again), E_REVOKED, E_CLONED_DEVICE, and E_INDEX_DAMAGED where a
 * new index did not help.
 */
export async function keepSession(host: AgentHost, keeper: Keeper): Promise<never> {
  for (let hasMended = false; ; hasMended = true) {
    try {
      return await keepOnce(host, keeper);
    } catch (error) {
      if (hasMended || !(error instanceof Failure) || error.code !== 'E_INDEX_DAMAGED' || error.subject === undefined) throw error;
      if (quarantineIndex(error.subject) === undefined) throw error;
      keeper.emit({ event: 'notice', message: 'the index was damaged: it was put aside and is built again' });
    }
  }
}

async function keepOnce(host: AgentHost, keeper: Keeper): Promise<never> {
  const { signal } = host;
  const { emit, onOpen } = keeper;
  const session = await openPatiently(host, keeper);
  const loop = new AgentLoop(session, emit);
  let end: (() => Promise<void>) | undefined;
  const stopping = new AbortController();
  const isIdle = (): boolean => loop.pause === undefined && (loop.state === 'synced' || loop.state === 'refused');
  const scrubbing = keepScrubbing({ session, isIdle, onNews: () => loop.look() }, AbortSignal.any([signal, stopping.signal]));
  try {
    end = await onOpen({ session, loop });
    return await loop.run(signal);
  } catch (error) {
    if (!signal.aborted) session.log.failure('agent ended', error);
    throw error;
  } finally {
    stopping.abort();
    await scrubbing;
    await end?.();
    // What was being written when the signal came.
    await session.disk.clearStaged().catch(() => {});
    await session.close();
  }
}

/** A store that is away when the agent starts is waited for. */
async function openPatiently(host: AgentHost, { emit, onAway }: Keeper): Promise<Session> {
  const backoff = new Backoff({ firstMs: 1000, maxMs: 5 * 60_000 }, systemRandom);
  for (;;) {
    try {
      return await openNoted(host, () => openSession(host, emit));
    } catch (error) {
      host.signal.throwIfAborted();
      const { isAway, state, code } = afterFailure(error);
      if (!isAway || state !== 'offline' || !(error instanceof Failure)) throw error;
      emit({ event: 'state', state, code, message: error.message, action: error.action });
      await restUntil(onAway(error), backoff.nextMs(), host);
    }
  }
}

async function restUntil(asked: AbortSignal, restMs: number, { clock, signal }: AgentHost): Promise<void> {
  try {
    await clock.sleep(restMs, AbortSignal.any([signal, asked]));
  } catch (error) {
    signal.throwIfAborted();
    if (!asked.aborted) throw error;
  }
}
