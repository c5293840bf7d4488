import type { Clock } from './clock.ts';

export interface Hearing {
  readonly clock: Clock;
  /** What breaks off; nothing ever does where left out. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an act that has to come to its end once it began: its own signal follows `delayMs` after the one that is given.
 * Throws that one's reason where it was aborted before or meanwhile, and what the act throws.
 */
export async function hearLater<T>(hearing: Hearing, delayMs: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, signal } = hearing;
  signal?.throwIfAborted();
  const late = new AbortController();
  const ended = new AbortController();
  const onAbort = (): void => {
    clock.sleep(delayMs, ended.signal).then(
      () => late.abort(signal?.reason),
      () => undefined,
    );
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await act(late.signal);
    signal?.throwIfAborted();
    return result;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    ended.abort();
  }
}
