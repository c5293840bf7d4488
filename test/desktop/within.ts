import { setTimeout as sleep } from 'node:timers/promises';

/** What a busy computer may need for one step of a person, and far less than a whole test may take. */
export const stepMaxMs = 30_000;

/** One step of a flow. Where it hangs, that is said, and of which step. */
export async function within<Result>(step: string, act: Promise<Result>, limitMs = stepMaxMs): Promise<Result> {
  const done = new AbortController();
  const hung = sleep(limitMs, undefined, { signal: done.signal }).then(() => {
    throw new Error(`"${step}" was not done within ${limitMs / 1000} s`);
  });
  try {
    return await Promise.race([act, hung]);
  } finally {
    hung.catch(() => {});
    done.abort();
  }
}
