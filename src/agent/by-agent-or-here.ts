import { Failure } from '../base/failure.ts';
import { lockName } from '../control/control-place.ts';
import type { AgentHost } from './agent-host.ts';

/** From having the profile to listening, an agent takes a few milliseconds. */
const tries = 8;
const betweenMs = 100;

/** The same thing twice. */
export interface TwoWays<Result> {
  /** undefined where no agent is running. */
  readonly ask: () => Promise<{ readonly answer: Result } | undefined>;
  /** Begins by becoming the profile's owner. */
  readonly act: () => Promise<Result>;
}

/** Has the running agent do it, else does it here. Throws what it throws; E_BUSY where neither can be, as another run has the profile. */
export async function byAgentOrHere<Result>({ clock, signal }: AgentHost, { ask, act }: TwoWays<Result>): Promise<Result> {
  for (let left = tries; ; left -= 1) {
    const asked = await ask();
    if (asked !== undefined) return asked.answer;
    try {
      return await act();
    } catch (error) {
      if (left === 0 || !isOwned(error)) throw error;
    }
    await clock.sleep(betweenMs, signal);
  }
}

/** Whoever owns it may be an agent that does not listen yet. */
function isOwned(error: unknown): boolean {
  return error instanceof Failure && error.code === 'E_BUSY' && error.subject?.endsWith(lockName) === true;
}
