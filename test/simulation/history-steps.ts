/** The usual steps of a history that is written by hand. */
import type { StoreFaults } from '../world/store-faults.ts';
import type { Step } from './history.ts';
import type { UserAct } from './user-act.ts';

export function act(device: string, what: UserAct): Step {
  return { do: 'act', device, act: what };
}

/** One device's sync by itself, with nothing that happens meanwhile. */
export function syncOf(device: string, run: number, store: Partial<StoreFaults> = {}): Step {
  return { do: 'sync', policy: 'any', runs: [{ device, run, store, meanwhile: [] }] };
}
